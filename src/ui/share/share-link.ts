/** Longer links are cut by some messengers and browsers. */
const LONG = 2000;

/** An address of this page. The query is without `?`, the hash with `#`; both may be empty. */
export function shareLink(
  { origin, pathname }: Pick<Location, 'origin' | 'pathname'>,
  query: string,
  hash: string,
): string {
  return `${origin}${pathname}${query === '' ? '' : `?${query}`}${hash}`;
}

export function isLong(link: string): boolean {
  return link.length > LONG;
}
