/** A query, without its `?`, as it was in all but one key. */
export function withoutKey(query: string, key: string): string {
  return query
    .split('&')
    .filter((pair) => pair.split('=', 1)[0] !== key)
    .join('&');
}
