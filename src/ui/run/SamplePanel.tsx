import { useRun, useSession } from '../session.ts';
import type { Session } from '../session.ts';
import { canAnswer } from '../state/inspection.ts';
import type { RunPhase } from '../state/run-state.ts';
import { openTab } from '../state/view.ts';
import { promptBytes } from '../text/prompt-bytes.ts';
import { SampleText } from './SampleText.tsx';

/** What the model writes at the moment, and what it wrote earlier. */
export function SamplePanel() {
  const session = useSession();
  const { view } = session;
  const samples = useRun((state) => state.samples);
  const phase = useRun((state) => state.phase.name);
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
        <div className="empty">
          <p>{NOTHING[phase] ?? 'While it trains, the model writes here what it takes for text.'}</p>
          {phase in NOTHING && answers && (
            <button type="button" className="button" onClick={() => letWrite(session)}>
              Let it write
            </button>
          )}
        </div>
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

/** Why there is no sample, where none is to come. */
const NOTHING: Partial<Record<RunPhase['name'], string>> = {
  done: 'What the model wrote while it trained is not kept with the run. It still can write.',
  diverged: 'The model wrote nothing before its numbers ran away.',
  lost: 'The model wrote nothing before its GPU was lost.',
  failed: 'The model wrote nothing before its run failed.',
};

/** Has the prompt of the Text tab continued, and shows it there. */
function letWrite({ view, writer }: Session): void {
  openTab(view, 'text');
  writer.write(promptBytes(writer.store.getState().prompt));
}

/** As much of an earlier sample as fits on one line. */
const EARLIER_BYTES = 120;
