import { useRef, useState } from 'react';
import { withCurve } from '../../config/codec/curve-key.ts';
import { embeddedQuery } from '../../config/codec/ui-key.ts';
import { embeddedTab } from '../embed/embedded-tabs.ts';
import { exact } from '../format/quantity.ts';
import { useConfig, useRun, useSession, useView } from '../session.ts';
import { CopyButton } from '../shell/CopyButton.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { formatHash } from '../state/view.ts';
import { EmbedPanel } from './EmbedPanel.tsx';
import { InWords } from './InWords.tsx';
import { QrDetails } from './QrDetails.tsx';
import { SavedRun } from './SavedRun.tsx';
import { isLong, shareLink } from './share-link.ts';
import { useRunCurve } from './use-run-curve.ts';

/** The link to this configuration, and to what is looked at. */
export function ShareDialog() {
  const { shell, link } = useSession();
  // The link is made of these.
  const config = useConfig((state) => state.config);
  const drafts = useConfig((state) => Object.keys(state.drafts).length);
  const chosen = useConfig((state) => state.weights !== null);
  const hasWeights = useRun((state) => state.firstWeights !== null) || chosen;
  const view = useView();
  const [withView, setWithView] = useState(true);
  const curve = useRunCurve();
  const field = useRef<HTMLInputElement>(null);
  const hash = formatHash(view);
  const linked = (query: string, place: string): string =>
    shareLink(location, curve.text === null ? query : withCurve(query, curve.text), withView ? place : '');
  const text = linked(link.query(), hash);
  const embedded = linked(embeddedQuery(link.query()), embeddedTab(view.tab) === view.tab ? hash : '');
  return (
    <Dialog title="Share" onClose={() => shell.setState({ dialog: null })}>
      <p className="hint">
        The link holds every setting of the form and opens it for anyone. Nothing is uploaded, and nothing starts by
        itself.
      </p>
      <div className="share-link">
        <input
          ref={field}
          type="text"
          readOnly
          value={text}
          aria-label="Link"
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton label="Copy" text={text} primary first onRefused={() => field.current?.select()} />
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={withView && hash !== ''}
          disabled={hash === ''}
          onChange={({ target }) => setWithView(target.checked)}
        />
        Include view position
        <span className="hint">{hash === '' ? 'links open on Watch anyway' : hash}</span>
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={curve.wanted}
          disabled={curve.obstacle !== null}
          onChange={({ target }) => curve.want(target.checked)}
        />
        Include curve of this run
        <span className="hint">{curve.obstacle ?? 'its losses at 128 steps; no text, no model'}</span>
      </label>
      {config.dataset === 'own' && (
        <p className="message" data-severity="warning">
          Your own text is not in the link: who opens it is asked for a text.
        </p>
      )}
      {hasWeights && (
        <p className="message" data-severity="warning">
          A link carries the settings and not the weights that a run began with: save the run as a file too.
        </p>
      )}
      {drafts > 0 && (
        <p className="message" data-severity="warning">
          A setting cannot be read as it is typed; the link has its last good value.
        </p>
      )}
      {isLong(text) && (
        <p className="message" data-severity="warning">
          {exact(text.length)} characters: some messengers and browsers cut links that long.
        </p>
      )}
      <QrDetails text={text} />
      <InWords />
      <EmbedPanel link={embedded} />
      <SavedRun />
    </Dialog>
  );
}
