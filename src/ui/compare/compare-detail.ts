/** In the Compare tab's position: validation instead of training loss. Other parts of it are of the charts. */
const VALIDATION = 'val';

export function comparesValidation(detail: string): boolean {
  return detail.split('.').includes(VALIDATION);
}

export function withValidation(detail: string, on: boolean): string {
  const others = detail.split('.').filter((token) => token !== '' && token !== VALIDATION);
  return [...others, ...(on ? [VALIDATION] : [])].join('.');
}
