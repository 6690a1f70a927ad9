import type { AdapterSpeed } from '../../../config/costs.ts';
import type { CorpusInfo } from '../../../protocol/events.ts';
import type { QueuedRun } from '../../state/queued-run.ts';
import { estimatedRunSeconds, estimatedStepSeconds } from '../../state/step-seconds.ts';
import type { MeasuredRun } from '../../state/step-seconds.ts';
import { stepsOfScoring } from '../test-verdict.ts';

/** About how many seconds some runs would take here, each measured on the test part as well; NaN as long as that is not known. */
export function trialsSeconds(
  trials: readonly Pick<QueuedRun, 'config'>[],
  corpus: CorpusInfo,
  speed: AdapterSpeed | null,
  measured: MeasuredRun | null,
): number {
  return trials
    .map(({ config }) => {
      const step = estimatedStepSeconds(config, speed, measured) ?? NaN;
      return (estimatedRunSeconds(config, speed, measured) ?? NaN) + step * stepsOfScoring(config, corpus);
    })
    .reduce((a, b) => a + b, 0);
}
