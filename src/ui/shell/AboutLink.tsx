import { useSession } from '../session.ts';
import { formatHash, openTab } from '../state/view.ts';

/** Leads to the tab that explains all this, out of a dialog too. */
export function AboutLink({ label }: { label: string }) {
  const { view } = useSession();
  return (
    <a
      className="about-link"
      href={formatHash({ tab: 'about', detail: '' })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        event.currentTarget.closest('dialog')?.close();
        openTab(view, 'about');
      }}
    >
      {label}
    </a>
  );
}
