import { tokensPerStep } from '../../config/costs.ts';
import type { AdapterSpeed } from '../../config/costs.ts';
import type { RunConfig } from '../../config/types.ts';
import { FORWARD_SHARE } from '../../config/validation.ts';
import type { CorpusInfo } from '../../protocol/events.ts';
import { areComparable, bitsMore, bitsPerByte, testSequences } from '../../protocol/test-score.ts';
import { estimatedStepSeconds } from '../state/step-seconds.ts';
import type { RunRecord } from '../state/runs.ts';
import { incomparable } from '../../comparison/same-bytes.ts';
import { NO_VERDICT, verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** How runs did that were measured on the same bytes. */
export function testVerdict(runs: readonly RunRecord[]): Verdict {
  const scores = runs.map(({ metrics }) => metrics.testScore);
  const known = scores.flatMap((score, at) => (score === null ? [] : [{ at, score }]));
  const [first, ...others] = known;
  if (incomparable(runs) !== null || !others.every(({ score }) => areComparable(score, first.score))) return NO_VERDICT;
  return verdictOf(
    known.map(({ at, score }) => ({ at, mean: bitsPerByte(score).mean })),
    (at, than) => bitsMore(scores[at]!, scores[than]!),
  );
}

/** About how many seconds it would take to measure a run on the test part of its text; null as long as nothing is known. */
export function secondsToScore(
  { config, metrics }: Pick<RunRecord, 'config' | 'metrics'>,
  corpus: CorpusInfo,
  speed: AdapterSpeed | null,
): number | null {
  const rate = metrics.stepsPerSecond;
  const step = estimatedStepSeconds(config, speed, rate === null ? null : { config, secondsPerStep: 1 / rate });
  return step === null ? null : step * stepsOfScoring(config, corpus);
}

/** How many steps take as long as to measure a run on the test part of its text. */
export function stepsOfScoring(config: RunConfig, { bytes, trainBytes, validationBytes }: CorpusInfo): number {
  const { contextLength } = config.model;
  const scored = testSequences(bytes - trainBytes - validationBytes, contextLength).read * contextLength;
  return (FORWARD_SHARE * scored) / tokensPerStep(config);
}
