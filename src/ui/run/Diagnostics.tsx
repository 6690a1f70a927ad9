import { useDiagnostics } from '../about/use-diagnostics.ts';
import { useSession } from '../session.ts';
import { shareLink } from '../share/share-link.ts';
import { CopyButton } from '../shell/CopyButton.tsx';

/** What to take to where it can be helped; with `link` also the way to open this page in another browser. */
export function Diagnostics({ link = false }: { link?: boolean }) {
  const session = useSession();
  const text = useDiagnostics();
  return (
    <div className="notice-actions">
      <CopyButton label="Copy diagnostics" text={text} />
      {link && <CopyButton label="Copy link" text={shareLink(location, session.link.query(), '')} />}
    </div>
  );
}
