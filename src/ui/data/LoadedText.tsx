import type { CorpusInfo } from '../../protocol/events.ts';
import { bytes, exact, loss, percent } from '../format/quantity.ts';
import { BitsRuler, UNIFORM } from './BitsRuler.tsx';
import { FloorNote } from './FloorNote.tsx';
import { gzipLabel } from './gzip-label.ts';
import { OddTextNote } from './OddTextNote.tsx';
import { PeekPanel } from './PeekPanel.tsx';
import { splitParts } from './split-parts.ts';
import type { SplitPart } from './split-parts.ts';
import { SplitRuler } from './SplitRuler.tsx';
import { UnkeptNote } from './UnkeptNote.tsx';

const PURPOSE: Record<SplitPart['name'], string> = {
  train: 'batches begin at random places of it',
  validation: 'measured from time to time, never trained on',
  test: 'never trained on; Compare measures a run on it when asked',
};

/** How long the loaded text is, how well simple means predict it, and which of its bytes serve for what. */
export function LoadedText({ corpus }: { corpus: CorpusInfo }) {
  return (
    <section className="panel loaded-text" aria-labelledby="loaded-title">
      <div className="panel-head">
        <h2 id="loaded-title">{corpus.name}</h2>
        <span className="unit">
          {bytes(corpus.bytes)}, {exact(corpus.bytes)} bytes
        </span>
      </div>

      <UnkeptNote unkept={corpus.unkept} />
      <OddTextNote corpus={corpus} />

      <h3>How hard it is</h3>
      <BitsRuler corpus={corpus} />
      <p className="explanation">
        A model that knows nothing pays 8 bits for each byte. One that only knows how often each byte occurs pays{' '}
        {loss(corpus.order0Bits)}
        {corpus.gzipBits !== null &&
          corpus.gzipBits < UNIFORM &&
          `; ${gzipLabel(corpus)}, which finds what it has seen in the last 32 kB, ${loss(corpus.gzipBits)}. A model below that line ` +
            'has found more in the text than repetition'}
        .
      </p>
      {corpus.synthetic && <FloorNote facts={corpus.synthetic} />}

      <h3>Which bytes serve for what</h3>
      <SplitRuler corpus={corpus} />
      <table className="split-table">
        <thead>
          <tr>
            <th scope="col">part</th>
            <th scope="col">share</th>
            <th scope="col">bytes</th>
            <th scope="col">from</th>
            <th scope="col">to before</th>
            <th scope="col">used for</th>
          </tr>
        </thead>
        <tbody>
          {splitParts(corpus).map(({ name, start, end }) => (
            <tr key={name}>
              <th scope="row">
                <span className={`split-mark split-${name}`} aria-hidden="true" />
                {name}
              </th>
              <td>{percent((end - start) / corpus.bytes)}</td>
              <td>{exact(end - start)}</td>
              <td>{exact(start)}</td>
              <td>{exact(end)}</td>
              <td>{PURPOSE[name]}</td>
            </tr>
          ))}
        </tbody>
      </table>

      <PeekPanel corpus={corpus} />
    </section>
  );
}
