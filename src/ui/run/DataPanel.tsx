import { useRef } from 'react';
import type { DatasetId } from '../../config/types.ts';
import type { CorpusInfo } from '../../protocol/events.ts';
import { bytes, exact, loss } from '../format/quantity.ts';
import { controlId } from '../form/control-id.ts';
import { useConfig, useRun, useSession } from '../session.ts';
import type { Download } from '../state/run-state.ts';

const SOURCES: readonly { id: DatasetId; name: string; about: string }[] = [
  { id: 'sample', name: 'Moby Dick', about: '1.2 MB, built in' },
  { id: 'enwik8', name: 'enwik8', about: '100 MB of Wikipedia, a download of 36 MB' },
  { id: 'own', name: 'Your text', about: '.txt, .gz or .zip; it never leaves this machine' },
];

/** The text: where it comes from, and how hard it is. */
export function DataPanel() {
  const { controller } = useSession();
  const chosen = useConfig((state) => state.config.dataset);
  const corpus = useRun((state) => state.corpus);
  const loading = useRun((state) => state.loading);
  const failure = useRun((state) => state.corpusFailure);
  const download = useRun((state) => state.download);
  const picker = useRef<HTMLInputElement>(null);
  const use = (id: DatasetId): void => {
    if (id === 'sample') controller.openSample();
    else if (id === 'enwik8') controller.openEnwik8();
    else picker.current?.click();
  };
  return (
    <section className="panel data-panel" id={controlId('dataset')} tabIndex={-1} aria-labelledby="data-title">
      <div className="panel-head">
        <h2 id="data-title">Text</h2>
        {corpus !== null && <span className="unit">{corpus.name}</span>}
      </div>
      <div className="sources" role="group" aria-label="Source of the text">
        {SOURCES.map(({ id, name, about }) => (
          <button
            key={id}
            type="button"
            className="source"
            aria-pressed={chosen === id}
            disabled={loading !== null && loading !== id}
            onClick={() => use(id)}
          >
            <strong>{name}</strong>
            <span>{about}</span>
          </button>
        ))}
      </div>
      <input
        ref={picker}
        className="visually-hidden"
        type="file"
        accept=".txt,.gz,.zip,text/*"
        aria-label="Text file"
        tabIndex={-1}
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file !== undefined) controller.openFile(file, file.name);
          // The same file again is a change as well.
          target.value = '';
        }}
      />
      {failure !== null && (
        <p className="message" data-severity="error" role="alert">
          {failure.message}
        </p>
      )}
      {download !== null && <DownloadProgress download={download} onCancel={() => controller.cancelDownload()} />}
      {loading === null && corpus?.dataset !== chosen && failure === null && <MissingText chosen={chosen} />}
      {corpus !== null && loading === null && <CorpusFacts corpus={corpus} />}
    </section>
  );
}

function MissingText({ chosen }: { chosen: DatasetId }) {
  const text = {
    sample: 'The built-in text is not loaded yet.',
    enwik8:
      'This configuration is for enwik8. Press enwik8 to load it: from this browser’s storage, else by a download of 36 MB.',
    own: 'This configuration is for a text that its sender had. Ask them for it, or choose another.',
  };
  return <p className="message">{text[chosen]}</p>;
}

function DownloadProgress({ download, onCancel }: { download: Download; onCancel: () => void }) {
  const { receivedBytes, totalBytes, bytesPerSecond } = download;
  return (
    <div className="download">
      <label htmlFor="download">
        {bytes(receivedBytes)}
        {totalBytes !== null && ` of ${bytes(totalBytes)}`} · {bytes(bytesPerSecond)}/s
      </label>
      <progress id="download" value={totalBytes === null ? undefined : receivedBytes} max={totalBytes ?? undefined} />
      <button type="button" className="button small" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}

function CorpusFacts({ corpus }: { corpus: CorpusInfo }) {
  const { bytes: total, trainBytes, validationBytes, order0Bits, gzipBits } = corpus;
  const rest = total - trainBytes - validationBytes;
  const parts = [
    { name: 'train', size: trainBytes },
    { name: 'validation', size: validationBytes },
    { name: 'test', size: rest },
  ];
  return (
    <>
      <dl className="facts">
        <div>
          <dt>Size</dt>
          <dd>{exact(total)} bytes</dd>
        </div>
        <div>
          <dt>Byte frequencies alone</dt>
          <dd>{loss(order0Bits)} bits per byte</dd>
        </div>
        <div>
          <dt>gzip</dt>
          <dd>{gzipBits === null ? '–' : `${loss(gzipBits)} bits per byte`}</dd>
        </div>
      </dl>
      <div className="split" role="img" aria-label={parts.map(({ name, size }) => `${name} ${bytes(size)}`).join(', ')}>
        {parts.map(({ name, size }) => (
          <span
            key={name}
            className={`split-${name}`}
            style={{ flexGrow: size }}
            title={`${name}: ${exact(size)} bytes`}
          >
            {size / total > 0.2 ? `${name} ${bytes(size)}` : ''}
          </span>
        ))}
      </div>
    </>
  );
}
