import { useRun } from '../session.ts';
import { SampleText } from './SampleText.tsx';

/** As much as fits on two lines of a wide screen. */
const MOST_BYTES = 160;

/** How what the model wrote last begins: what its loss means. Takes its room also before there is any. */
export function NewestSample() {
  const sample = useRun(({ samples }) => samples.find(({ bytes }) => bytes.length > 0));
  return (
    <p className="headline-sample">
      {sample !== undefined && (
        <>
          <span className="headline-step">step {sample.step} wrote</span>
          <span className="sample-prompt">
            <SampleText bytes={sample.prompt} />
          </span>
          <SampleText bytes={sample.bytes.subarray(0, MOST_BYTES)} />
        </>
      )}
    </p>
  );
}
