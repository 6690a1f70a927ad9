import { UNIFORM } from '../data/BitsRuler.tsx';
import { OddTextNote } from '../data/OddTextNote.tsx';
import { ShortText } from '../data/ShortText.tsx';
import { SOURCES } from '../data/sources.ts';
import { SplitRuler } from '../data/SplitRuler.tsx';
import { TextStatus } from '../data/TextStatus.tsx';
import { useTexts } from '../data/use-texts.tsx';
import { controlId } from '../form/control-id.ts';
import { gzipLabel } from '../data/gzip-label.ts';
import { exact, loss } from '../format/quantity.ts';
import { useConfig, useRun } from '../session.ts';
import { TabLink } from '../shell/TabLink.tsx';
import { isSameText } from '../state/same-text.ts';
import { BeginAnew } from './BeginAnew.tsx';

/** The text in brief: where it comes from, and how hard it is. */
export function DataPanel() {
  const chosen = useConfig((state) => state.config.dataset);
  const weights = useConfig((state) => state.weights?.name ?? null);
  const corpus = useRun((state) => state.corpus);
  const running = useRun((state) => state.runCorpus);
  const loading = useRun((state) => state.loading);
  const { open, picker } = useTexts();
  return (
    <section className="panel data-panel" id={controlId('dataset')} tabIndex={-1} aria-labelledby="data-title">
      <div className="panel-head">
        <h2 id="data-title">Text</h2>
        {corpus !== null && <span className="unit">{corpus.name}</span>}
      </div>
      {running !== null && corpus !== null && !isSameText(running, corpus) && (
        <p className="message" role="status">
          This run: <strong>{running.name}</strong>. Next run: <strong>{corpus.name}</strong>
          {weights !== null && `, beginning with the weights of “${weights}”`}. <BeginAnew />
        </p>
      )}
      <div className="sources" role="group" aria-label="Source of the text">
        {SOURCES.map(({ id, name, about }) => (
          <button
            key={id}
            type="button"
            className="source"
            aria-pressed={chosen === id}
            disabled={loading !== null && loading !== id}
            onClick={() => open(id)}
          >
            <strong>{name}</strong>
            <span>{about}</span>
          </button>
        ))}
      </div>
      <p className="hint">
        Or one thing alone: <TabLink tab="data" label="copying, sorting, recall or brackets" />
      </p>
      {picker}
      <TextStatus />
      <ShortText />
      {corpus !== null && loading === null && (
        <>
          <dl className="facts">
            <div>
              <dt>Size</dt>
              <dd>{exact(corpus.bytes)} bytes</dd>
            </div>
            <div>
              <dt>Byte frequencies alone</dt>
              <dd>{loss(corpus.order0Bits)} bits per byte</dd>
            </div>
            <div>
              <dt>{gzipLabel(corpus)}</dt>
              <dd>{gzipText(corpus.gzipBits)}</dd>
            </div>
            {corpus.synthetic && (
              <div>
                <dt>Best possible</dt>
                <dd>{loss(corpus.synthetic.floorBits)} bits per byte</dd>
              </div>
            )}
          </dl>
          <SplitRuler corpus={corpus} />
          <OddTextNote corpus={corpus} />
        </>
      )}
    </section>
  );
}

/** Of a few bytes, or random ones, it makes more than they were. */
function gzipText(bits: number | null): string {
  if (bits === null) return '–';
  return bits > UNIFORM ? 'makes it longer' : `${loss(bits)} bits per byte`;
}
