import { useStore } from 'zustand';
import { embeddedQuery } from '../../config/codec/ui-key.ts';
import { useSession } from '../session.ts';
import { shareLink } from '../share/share-link.ts';
import { CopyButton } from '../shell/CopyButton.tsx';
import { formatHash } from '../state/view.ts';
import { Notice } from './Notice.tsx';

/** Text with what stands between backticks as code. */
function Quoted({ text }: { text: string }) {
  // oxlint-disable-next-line react/no-array-index-key -- The parts of one text have no other name.
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}

/** What of the link could not be used as it was. */
export function LinkBanner() {
  const { link, embedded } = useSession();
  const notice = useStore(link.notice, ({ current }) => current);
  if (notice === null) return null;
  const { problems, ignored, newerVersion, versus } = notice;
  const corrected = embedded
    ? shareLink(location, embeddedQuery(link.query()), '')
    : shareLink(location, link.correctedQuery(), versus === undefined ? '' : formatHash({ tab: 'cmp', detail: '' }));
  return (
    <Notice
      tone="warn"
      title={newerVersion ? 'This link was made with a newer version' : 'Not all of this link could be used'}
    >
      {newerVersion && <p>What is known of it was read.</p>}
      {problems.length > 0 && (
        <ul>
          {problems.map(({ message }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- The list never changes.
            <li key={index}>
              <Quoted text={message} />
            </li>
          ))}
        </ul>
      )}
      {ignored.length > 0 && <p>Ignored: {ignored.join(', ')}</p>}
      <div className="notice-actions">
        <CopyButton label="Copy corrected link" text={corrected} />
        <button type="button" className="button quiet" onClick={() => link.dismissNotice()}>
          Dismiss
        </button>
      </div>
    </Notice>
  );
}
