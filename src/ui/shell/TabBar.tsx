import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useSession, useView } from '../session.ts';
import { openTab, tabIds } from '../state/view.ts';
import type { TabId } from '../state/view.ts';
import { PANEL_ID } from './panel-id.ts';
import { tabDomId, tabs } from './tabs.ts';

/**
 * One stop for Tab; arrows, Home and End move along it, Enter opens. Moving does not open, since each opened tab is an
 * entry for Back.
 */
export function TabBar() {
  const { view } = useSession();
  const { tab: open } = useView();
  const [focused, setFocused] = useState<TabId | null>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>(`#${tabDomId(open)}`);
    // Where the bar is wider than the screen; the page itself stays where it is.
    if (tab) list.current?.scrollTo({ left: tab.offsetLeft - (list.current.clientWidth - tab.clientWidth) / 2 });
  }, [open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = neighbour(focused ?? open, event.key);
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    setFocused(to);
    list.current?.querySelector<HTMLElement>(`#${tabDomId(to)}`)?.focus();
  };
  return (
    <div
      ref={list}
      className="tab-bar"
      role="tablist"
      aria-label="Views"
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onBlur={() => setFocused(null)}
    >
      {tabs.map(({ id, label }, at) => (
        <button
          key={id}
          type="button"
          id={tabDomId(id)}
          className="tab"
          role="tab"
          aria-selected={id === open}
          aria-controls={PANEL_ID}
          aria-keyshortcuts={String(at + 1)}
          title={`${label} (${at + 1})`}
          tabIndex={id === (focused ?? open) ? 0 : -1}
          onFocus={() => setFocused(id)}
          onClick={() => openTab(view, id)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function neighbour(from: TabId, key: string): TabId | undefined {
  const at = tabIds.indexOf(from);
  const count = tabIds.length;
  switch (key) {
    case 'ArrowRight':
      return tabIds[(at + 1) % count];
    case 'ArrowLeft':
      return tabIds[(at + count - 1) % count];
    case 'Home':
      return tabIds[0];
    case 'End':
      return tabIds[count - 1];
    default:
      return undefined;
  }
}
