import type { ReactNode } from 'react';
import { useSession } from '../session.ts';
import { formatHash, openTab } from '../state/view.ts';
import type { TabId } from '../state/view.ts';

interface TabLinkProps {
  tab: TabId;
  label: ReactNode;
  /** What it is called where its label is cut short. */
  name?: string;
  detail?: string;
}

/** Leads to a tab, or to a place in it, out of a dialog too. */
export function TabLink({ tab, label, name, detail }: TabLinkProps) {
  const { view } = useSession();
  return (
    <a
      className="tab-link"
      aria-label={name}
      href={formatHash({ tab, detail: detail ?? '' })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        event.currentTarget.closest('dialog')?.close();
        openTab(view, tab, detail);
      }}
    >
      {label}
    </a>
  );
}
