import { useSession } from '../session.ts';
import { formatHash, openTab } from '../state/view.ts';
import type { TabId } from '../state/view.ts';

/** Leads to a tab, out of a dialog too. */
export function TabLink({ tab, label }: { tab: TabId; label: string }) {
  const { view } = useSession();
  return (
    <a
      className="tab-link"
      href={formatHash({ tab, detail: '' })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        event.currentTarget.closest('dialog')?.close();
        openTab(view, tab);
      }}
    >
      {label}
    </a>
  );
}
