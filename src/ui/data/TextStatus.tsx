import { isSynthetic } from '../../config/synthetic.ts';
import type { DatasetId } from '../../config/types.ts';
import { bytes } from '../format/quantity.ts';
import { useConfig, useRun, useSession } from '../session.ts';
import { PassingButton } from '../shell/PassingButton.tsx';
import type { Download } from '../state/run-state.ts';

/** How far the chosen text is from being there: its download, or why it does not come. Nothing once it is there. */
export function TextStatus() {
  const { texts } = useSession();
  const chosen = useConfig((state) => state.config.dataset);
  const loaded = useRun((state) => state.corpus?.dataset);
  const loading = useRun((state) => state.loading);
  const failure = useRun((state) => state.corpusFailure);
  const download = useRun((state) => state.download);
  return (
    <>
      {failure !== null && (
        <p className="message" data-severity="error" role="alert">
          {failure.message}
        </p>
      )}
      {loading === 'enwik8' && <DownloadProgress download={download} onCancel={() => texts.cancelDownload()} />}
      {loading === null && loaded !== chosen && failure === null && <MissingText chosen={chosen} />}
    </>
  );
}

function MissingText({ chosen }: { chosen: DatasetId }) {
  const text = {
    sample: 'The built-in text is not loaded yet.',
    enwik8:
      'This configuration is for enwik8. Press enwik8 to load it: from this browser’s storage, else by a download of 36 MB.',
    own: 'This configuration is for a text that its sender had. Ask them for it, or choose another.',
  };
  return <p className="message">{isSynthetic(chosen) ? text.sample : text[chosen]}</p>;
}

/** Without a download yet, the browser's storage is searched, or the server has not answered. */
function DownloadProgress({ download, onCancel }: { download: Download | null; onCancel: () => void }) {
  const totalBytes = download?.totalBytes ?? null;
  return (
    <div className="download">
      <label htmlFor="download">{download === null ? 'Waiting for enwik8' : progressText(download)}</label>
      <progress
        id="download"
        value={totalBytes === null ? undefined : download?.receivedBytes}
        max={totalBytes ?? undefined}
      />
      <PassingButton className="button small" onClick={onCancel}>
        Cancel
      </PassingButton>
    </div>
  );
}

function progressText({ receivedBytes, totalBytes, bytesPerSecond }: Download): string {
  const total = totalBytes === null ? '' : ` of ${bytes(totalBytes)}`;
  return `${bytes(receivedBytes)}${total} · ${bytes(bytesPerSecond)}/s`;
}
