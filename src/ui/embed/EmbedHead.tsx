import { differenceLine } from '../compare/config-diff.ts';
import { useConfig, useSession, useView } from '../session.ts';
import { shareLink } from '../share/share-link.ts';
import { formatHash } from '../state/view.ts';

/** What would be trained, in words, and the way to the page with everything. */
export function EmbedHead() {
  const { link } = useSession();
  const config = useConfig((state) => state.config);
  const preset = useConfig((state) => state.preset);
  const view = useView();
  const words = differenceLine({ config, preset }, null);
  return (
    <div className="embed-head">
      <h1 title={words}>{words}</h1>
      <a
        className="tab-link"
        href={shareLink(location, link.wholeQuery(), formatHash(view))}
        target="_blank"
        rel="noreferrer"
      >
        Open in Strata
      </a>
    </div>
  );
}
