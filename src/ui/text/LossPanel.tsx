import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Segmented } from '../form/Segmented.tsx';
import { useRun, useSession } from '../session.ts';
import { fixedPassage } from '../state/loss-reader.ts';
import type { PassageSource } from '../state/loss-reader.ts';
import { offerOf } from '../state/passages.ts';
import { HeatLegend } from './HeatLegend.tsx';
import { LensTable } from './LensTable.tsx';
import { LossStrip } from './LossStrip.tsx';
import { LossSummary } from './LossSummary.tsx';
import { OwnPassage } from './OwnPassage.tsx';
import { promptBytes } from './prompt-bytes.ts';
import { BytesToggle } from './BytesToggle.tsx';
import { readWritten, writtenText } from './written.ts';

/** What each byte of a passage costs the model as it is now. */
export function LossPanel() {
  const session = useSession();
  const reader = session.losses.text;
  const { source } = useStore(reader.store, ({ passage }) => passage);
  const { asking, failure } = useStore(reader.store);
  const { writings, own, asBytes } = useStore(session.writer.store);
  useEffect(() => reader.look(), [reader]);
  const offer = offerOf(useRun((state) => state.runCorpus));
  const written = writings.find((each) => writtenText(each).length > 0);
  const choose = (chosen: PassageSource): void => {
    if (chosen === 'fixed') reader.read(fixedPassage(offer));
    else if (chosen === 'own') reader.read({ source: 'own', text: promptBytes(own), start: 0 });
    else if (written) readWritten(session, written, 0, null);
  };
  return (
    <section className="panel loss-panel" aria-labelledby="loss-title">
      <div className="panel-head">
        <h2 id="loss-title">
          Loss per byte <LossSummary reader={reader} />
        </h2>
        <HeatLegend />
      </div>
      <div className="loss-choice">
        <span id="loss-source" className="visually-hidden">
          Text to read
        </span>
        <Segmented
          name="loss-source"
          labelledBy="loss-source"
          value={source}
          options={[
            { value: 'fixed', label: offer.name },
            ...(written ? [{ value: 'written' as const, label: 'What it wrote' }] : []),
            { value: 'own', label: 'Your text' },
          ]}
          onChange={choose}
        />
        <span className="loss-actions">
          <BytesToggle />
          <button type="button" className="button small" disabled={asking} onClick={() => reader.ask()}>
            {asking ? 'Reading…' : 'Refresh'}
          </button>
        </span>
      </div>
      {source === 'own' && <OwnPassage />}
      {failure !== null && (
        <p className="message" data-severity="error" role="alert">
          The passage could not be read: {failure}
        </p>
      )}
      <LossStrip reader={reader} label="Bytes of the passage" asBytes={asBytes} Below={LensTable} />
    </section>
  );
}
