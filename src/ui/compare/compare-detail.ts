/** What of the Compare tab's position says how its chart is drawn. Other parts of it are of the charts in general. */
const TOKENS = {
  /** Validation instead of training loss. */
  validation: 'val',
  /** Runs that differ in their seed alone each by itself, instead of their mean. */
  seedsApart: 'apart',
} as const;

export type DetailChoice = keyof typeof TOKENS;

export function isChosen(detail: string, choice: DetailChoice): boolean {
  return detail.split('.').includes(TOKENS[choice]);
}

export function withChoice(detail: string, choice: DetailChoice, on: boolean): string {
  const token = TOKENS[choice];
  const others = detail.split('.').filter((each) => each !== '' && each !== token);
  return [...others, ...(on ? [token] : [])].join('.');
}
