import { expect, test } from 'vitest';
import { curveHistory, curveTensors } from '../../src/protocol/curve-file.ts';
import type { RunHistory } from '../../src/protocol/run-history.ts';
import type { StoredTensor } from '../../src/protocol/safetensors.ts';

const FACTORS = [1, 4];
const column = (from: number): Float64Array<ArrayBuffer> => Float64Array.of(from, from + 1, from + 2);

const history: RunHistory = {
  batch: {
    runId: 0,
    step: column(1),
    trainBpb: column(8),
    recon: [null, column(20)],
    ar: [null, column(30)],
    gradNorm: column(40),
    learningRate: column(50),
    activeSeconds: column(60),
    passMilliseconds: { forward: column(70), backward: column(80), update: column(90) },
  },
  validations: [
    { step: 1, bpb: 7, spread: [null, 0.5] },
    { step: 3, bpb: 6, spread: [null, null] },
  ],
  marks: [{ step: 2, name: 'GPU lost, on from 1' }],
  weights: [{ from: 1, reconWeight: 0.1, arWeight: 0.25 }],
  testScore: { step: 3, bits: Float64Array.of(10, 20), bytes: Float64Array.of(3, 4) },
};
const written = curveTensors(history, FACTORS);

/** What is read of a file in which one array is another, or not there. */
function readWith(name: string, data: Float64Array<ArrayBuffer> | null): RunHistory | null {
  const tensors = new Map(written);
  const changed: StoredTensor | null = data && { dtype: 'F64', shape: [data.length], data };
  if (changed) tensors.set(`curve/${name}`, changed);
  else tensors.delete(`curve/${name}`);
  return curveHistory(tensors, FACTORS);
}

test('a curve is read as it was written', () => {
  expect(curveHistory(written, FACTORS)).toEqual(history);
});

test.each([
  'step',
  'train_bits_per_byte',
  'gradient_norm',
  'learning_rate',
  'active_seconds',
  'validation/step',
  'validation/bits_per_byte',
])('a curve without %s is none', (name) => {
  expect(readWith(name, null)).toBeNull();
});

test.each([
  ['train_bits_per_byte', 2],
  ['4x/reconstruction_bits_per_byte', 4],
  ['4x/one_minus_cosine', 2],
  ['learning_rate', 2],
  ['forward_milliseconds', 4],
  ['validation/bits_per_byte', 1],
  ['validation/4x/spread', 3],
  ['loss_weights/reconstruction', 2],
  ['loss_weights/prediction', 0],
])('a curve whose %s has another length is none', (name, length) => {
  expect(readWith(name, new Float64Array(length))).toBeNull();
});

test('what earlier versions did not keep may be missing: loss weights, times of the passes, a test score', () => {
  const tensors = new Map([...written].filter(([name]) => !/loss_weights|test\//.test(name)));
  expect(curveHistory(tensors, FACTORS)).toEqual({ ...history, weights: [], testScore: null });
  expect(readWith('backward_milliseconds', null)!.batch).not.toHaveProperty('passMilliseconds');
});

test('a test score is taken whole or not at all', () => {
  for (const name of ['test/step', 'test/bits', 'test/bytes']) expect(readWith(name, null)!.testScore).toBeNull();
  expect(readWith('test/bits', column(1))!.testScore).toBeNull();
});
