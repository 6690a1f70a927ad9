import { withoutKey } from './without-key.ts';

/** How a link says in what form the page is shown. */
export const UI_KEY = 'ui';

/** The one form besides the whole page: a single view with what trains it, to stand in another page. */
export const EMBED = 'embed';

/** The query of a link that shows a configuration as a part of another page. */
export function embeddedQuery(query: string): string {
  return `${query}${query === '' ? '' : '&'}${UI_KEY}=${EMBED}`;
}

/** A query that opens the whole page, as it was in all else: the form is no part of a configuration. */
export function withoutUi(query: string): string {
  return withoutKey(query, UI_KEY);
}
