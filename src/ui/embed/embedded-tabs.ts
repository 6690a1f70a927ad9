import type { TabId } from '../state/view.ts';

/** Views that make sense alone in another page. */
const EMBEDDED: ReadonlySet<TabId> = new Set<TabId>(['watch', 'attn', 'text']);

/** What a part of another page shows where its link names a view: that, or else the main chart. */
export function embeddedTab(tab: TabId): TabId {
  return EMBEDDED.has(tab) ? tab : 'watch';
}
