import { differenceLine } from '../compare/config-diff.ts';
import { embedCode } from '../embed/embed-code.ts';
import { useConfig } from '../session.ts';
import { TextToCopy } from './TextToCopy.tsx';

/** What to put into a page of one's own to have the link's configuration there. */
export function EmbedPanel({ link }: { link: string }) {
  const config = useConfig((state) => state.config);
  const preset = useConfig((state) => state.preset);
  const code = embedCode(link, `Strata, ${differenceLine({ config, preset }, null)}`);
  return (
    <details className="text-to-copy">
      <summary>Embed, to have the experiment in a page of your own</summary>
      <TextToCopy text={code} rows={4} label="Code to embed" copy="Copy code" />
      <p className="hint">
        It shows one view, Train, and the progress; nothing starts by itself, and no run is kept. WebGPU needs no
        permission (<code>allow</code>) in a frame, also of another site, but the page around it has to be secure:
        https, or localhost.
      </p>
    </details>
  );
}
