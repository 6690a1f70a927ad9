import { useRun, useSession } from '../session.ts';
import { canAnswer } from '../state/inspection.ts';
import { openTab } from '../state/view.ts';
import { SampleText } from './SampleText.tsx';

/** What the model writes at the moment, and what it wrote earlier. */
export function SamplePanel() {
  const { view } = useSession();
  const samples = useRun((state) => state.samples);
  const answers = useRun((state) => canAnswer(state.phase));
  const [latest, ...earlier] = samples;
  return (
    <section className="panel sample-panel" aria-labelledby="sample-title">
      <div className="panel-head">
        <h2 id="sample-title">Sample {latest !== undefined && <span className="unit">step {latest.step}</span>}</h2>
        {answers && (
          <button type="button" className="button quiet small" onClick={() => openTab(view, 'text')}>
            Write with your prompt
          </button>
        )}
      </div>
      {latest === undefined ? (
        <p className="empty">While it trains, the model writes here what it takes for text.</p>
      ) : (
        <p className="sample">
          <span className="sample-prompt">
            <SampleText bytes={latest.prompt} />
          </span>
          <SampleText bytes={latest.bytes} />
        </p>
      )}
      {earlier.length > 0 && (
        <ol className="earlier">
          {earlier.map(({ step, bytes }) => (
            <li key={step}>
              <span className="earlier-step">{step}</span>
              <span className="earlier-text">
                <SampleText bytes={bytes.subarray(0, EARLIER_BYTES)} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** As much of an earlier sample as fits on one line. */
const EARLIER_BYTES = 120;
