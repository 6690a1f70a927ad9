import { SampleText } from '../run/SampleText.tsx';
import type { TextSample } from '../state/run-state.ts';

/** What a run wrote as it learned, the first first: from noise to words. */
export function RecordedSamples({ samples, name }: { samples: readonly TextSample[]; name: string }) {
  return (
    <section className="panel recorded-samples" aria-labelledby="recorded-samples-title">
      <div className="panel-head">
        <h2 id="recorded-samples-title">
          What the recorded run wrote <span className="unit">{name}</span>
        </h2>
      </div>
      <ol className="sample-ladder">
        {samples.toReversed().map(({ step, prompt, bytes }) => (
          <li key={step}>
            <span className="ladder-step">step {step}</span>
            <span className="ladder-text">
              <span className="sample-prompt">
                <SampleText bytes={prompt} />
              </span>
              <SampleText bytes={bytes} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
