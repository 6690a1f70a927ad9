import { tokensPerStep } from '../../config/costs.ts';
import type { AdapterSpeed } from '../../config/costs.ts';
import type { CorpusInfo } from '../../protocol/events.ts';
import { areComparable, bitsMore, bitsPerByte, testSequences } from '../../protocol/test-score.ts';
import type { Estimate } from '../../protocol/test-score.ts';
import { estimatedStepSeconds } from '../state/step-seconds.ts';
import type { RunRecord } from '../state/runs.ts';
import { incomparable } from './run-text.ts';

/** How runs did that were measured on the same bytes. */
export interface TestVerdict {
  /** Index of the run that is better than every other by more than chance; null where none is. */
  best: number | null;
  /** Indices of those that may be the best; none where one is. */
  close: ReadonlySet<number>;
  /** How many more bits per byte than the lowest the others need, by their indices. */
  more: ReadonlyMap<number, Estimate>;
}

/** Standard errors that a difference must be away from nothing. */
const SURE = 2;

export function testVerdict(runs: readonly RunRecord[]): TestVerdict {
  const none: TestVerdict = { best: null, close: new Set(), more: new Map() };
  const known = runs.flatMap(({ metrics: { testScore } }, at) => (testScore === null ? [] : [{ at, testScore }]));
  if (known.length < 2 || incomparable(runs) !== null) return none;
  const [first, ...others] = known.toSorted((a, b) => bitsPerByte(a.testScore).mean - bitsPerByte(b.testScore).mean);
  if (!others.every(({ testScore }) => areComparable(testScore, first.testScore))) return none;
  const more = new Map(others.map(({ at, testScore }) => [at, bitsMore(testScore, first.testScore)]));
  const close = [...more].filter(([, { mean, error }]) => error === null || !(mean > SURE * error)).map(([at]) => at);
  if (close.length === 0) return { best: first.at, close: none.close, more };
  return { best: null, close: new Set([first.at, ...close]), more };
}

/** A pass forward takes about a third of a step over the same bytes. */
const FORWARD = 1 / 3;

/** About how many seconds it would take to measure a run on the test part of its text; null as long as nothing is known. */
export function secondsToScore(
  { config, metrics }: Pick<RunRecord, 'config' | 'metrics'>,
  { bytes, trainBytes, validationBytes }: CorpusInfo,
  speed: AdapterSpeed | null,
): number | null {
  const rate = metrics.stepsPerSecond;
  const step = estimatedStepSeconds(config, speed, rate === null ? null : { config, secondsPerStep: 1 / rate });
  const { contextLength } = config.model;
  const scored = testSequences(bytes - trainBytes - validationBytes, contextLength).read * contextLength;
  return step === null ? null : (FORWARD * step * scored) / tokensPerStep(config);
}
