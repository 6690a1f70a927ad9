import { encodeQuery } from '../../../config/codec/encode.ts';
import { bitsPerByte, predictedBytes } from '../../../protocol/test-score.ts';
import type { CsvValue } from '../../format/csv.ts';
import { changedSince } from '../../state/marks.ts';
import type { RunRecord } from '../../state/runs.ts';
import { settingRows } from '../config-diff.ts';
import {
  activeSeconds,
  bestValidation,
  bestValidationWithin,
  commonFlops,
  isTimed,
  lastValidation,
  meanBytesPerSecond,
  parameters,
  spentFlops,
  stepFlops,
} from '../run-figures.ts';
import { trainingTails } from '../training-tails.ts';
import type { Table } from './TableAsCsv.tsx';

/** Results in the file of "Settings and results", in the words of docs/chart-files.md. The settings follow, by their labels. */
export const settingsColumns: Readonly<Record<string, string>> = {
  run: 'name of the run',
  query: 'its settings as the query of a link',
  steps: 'steps that it has made',
  active_seconds: 'seconds of training, pauses left out; empty where its last steps were not measured',
  test_bits_per_byte: 'next-byte cross entropy on the test part of the text; empty where it was not measured',
  test_standard_error: 'its standard error, of the text and not of other seeds',
  test_step: 'the step at which that was measured',
  test_bytes: 'how many bytes were predicted',
  last_validation_bits_per_byte: 'validation at the step that it is at; empty where there was none',
  best_validation_bits_per_byte: 'the lowest validation',
  equal_training_flop: 'the most work up to which all runs of the table were measured',
  train_bits_per_byte_at_equal_flop: 'mean training loss over the last tenth of that work',
  best_validation_bits_per_byte_at_equal_flop: 'the lowest validation within that work',
  bytes_per_second: 'bytes trained on in a second of training, over the whole run',
  parameters: 'parameters of the model',
  flop_per_step: 'floating-point operations of a step, a multiply-add counted as two',
  training_flop: 'those of all steps so far',
};

/** One row for each run, with every setting, whether it differs or not. */
export function settingsTable(runs: readonly RunRecord[]): Table {
  const settings = settingRows(runs.map((run) => ({ ...run, since: changedSince(run.metrics.marks) })));
  const equal = commonFlops(runs);
  const tails = equal > 0 ? trainingTails(runs, equal).tails : [];
  return {
    columns: [...Object.keys(settingsColumns), ...settings.map(({ label }) => label.replace('×', 'x'))],
    rows: runs.map((run, at) => [
      ...resultsOf(run, equal, tails[at]?.mean ?? null),
      ...settings.map(({ values }) => values[at]),
    ]),
  };
}

function resultsOf(run: RunRecord, equal: number, tail: number | null): CsvValue[] {
  const { name, config, preset, metrics } = run;
  const { testScore } = metrics;
  const test = testScore && bitsPerByte(testScore);
  return [
    name,
    encodeQuery(config, preset),
    metrics.madeSteps,
    metrics.isUpToDate && isTimed(metrics) ? activeSeconds(metrics) : null,
    test && test.mean,
    test && test.error,
    testScore && testScore.step,
    testScore && predictedBytes(testScore),
    lastValidation(metrics),
    bestValidation(metrics),
    equal > 0 ? equal : null,
    tail,
    equal > 0 ? bestValidationWithin(run, equal) : null,
    meanBytesPerSecond(run),
    parameters(run),
    stepFlops(run),
    spentFlops(run),
  ];
}
