import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { crossEntropy } from '../../src/ops/cross-entropy.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { gpu } from '../support/gpu.ts';
import { crossEntropyReference, type CrossEntropyCase } from '../support/reference/cross-entropy.ts';
import type { Tuning } from '../../src/tensor/tuning.ts';
import { relativeError } from '../support/relative-error.ts';
import { REDUCTION_TUNINGS } from '../support/tunings.ts';

const device = Gpu.open(await gpu());

interface Run extends CrossEntropyCase {
  logits: Float32Array<ArrayBuffer>;
  ids: Uint32Array<ArrayBuffer>;
  weight?: number;
  recordScale?: number;
  training?: boolean;
}

async function runWith(tuning: Tuning, of: Run) {
  const { batch, length, slots, classes, pitch, weight = 1, recordScale = 1, training = true } = of;
  const session = new EagerSession(await device, { training, tuning });
  const shape = [batch, length, slots * classes];
  const variable = session.variable(shape, of.logits);
  // A fresh tensor, as a matmul's output is one: in training its memory becomes the gradient's.
  const logits = training ? { ...variable, gradient: null } : variable;
  const record = session.constant([3], [10, 20, 30]);
  const rowLosses = session.graph.temporary('row losses', [batch, length, slots]);
  const loss = crossEntropy({
    logits,
    ids: session.constant([batch, pitch], of.ids),
    hyper: session.constant([2], [NaN, weight]),
    weightIndex: 1,
    record,
    recordIndex: 2,
    recordScale,
    classes,
    slots,
    stride: of.stride,
    offset: of.offset,
    inputLength: of.inputLength,
    ignoreIndex: of.ignoreIndex,
    rowLosses,
  });
  session.graph.backward();
  return session.run({ loss, record, rowLosses, logits, gradient: session.graph.gradientFor(logits)!.tensor });
}

function values(count: number, scale = 3): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898 + 1) * scale + Math.cos(i * 0.37));
}

/** Ids from 0 to classes - 1, zeros among them. */
function someIds(count: number, classes: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: count }, (_, i) => (i * 7 + (i >> 2) * 3) % classes);
}

function withNumbers(of: CrossEntropyCase): Run {
  const logits = values(of.batch * of.length * of.slots * of.classes);
  return { ...of, logits, ids: someIds(of.batch * of.pitch, of.classes) };
}

function nextByte(batch: number, n: number, classes: number, ignoreIndex: number | null = 0): CrossEntropyCase {
  return { batch, length: n, slots: 1, classes, stride: 1, offset: 1, pitch: n + 1, inputLength: n + 1, ignoreIndex };
}

function reconstruction(batch: number, n: number, classes: number, factor: number, stride: number): CrossEntropyCase {
  const length = Math.ceil(n / stride);
  return {
    batch,
    length,
    slots: factor,
    classes,
    stride,
    offset: 1 - factor,
    pitch: n + 1,
    inputLength: n,
    ignoreIndex: 0,
  };
}

const CASES: [string, CrossEntropyCase][] = [
  ['one row of two classes', nextByte(1, 1, 2, null)],
  ['one row of one class', nextByte(1, 1, 1, null)],
  ['rows fewer than a workgroup holds', nextByte(3, 5, 7)],
  ['a ragged last workgroup', nextByte(3, 11, 256)],
  ['fewer classes than lanes', nextByte(2, 40, 5)],
  ['many classes', nextByte(1, 3, 1003)],
  ['nothing ignored', nextByte(2, 19, 33, null)],
  ['another class ignored', nextByte(2, 19, 33, 5)],
  ['a rare class ignored', nextByte(9, 301, 3, 2)],
  ['positions enough for several counting workgroups', nextByte(3, 4001, 3)],
  ['slots, stride 1', reconstruction(2, 9, 11, 4, 1)],
  ['slots, stride 2, ragged end', reconstruction(2, 9, 6, 4, 2)],
  ['slots, stride as large as the factor', reconstruction(3, 16, 17, 8, 8)],
  ['a text shorter than the factor', reconstruction(2, 3, 19, 8, 1)],
  ['stride 4 of 8', reconstruction(2, 13, 256, 8, 4)],
  ['targets ahead, some beyond the end', { ...reconstruction(2, 11, 9, 4, 2), offset: 1 }],
];

describe.each(REDUCTION_TUNINGS)('cross entropy with the kernels for %s', (_name, tuning) => {
  const run = (of: Run) => runWith(tuning, of);

  test.each(CASES)('%s: loss, row losses and gradient agree with float64', async (_, of) => {
    const given = withNumbers(of);
    const expected = crossEntropyReference(of, given.logits, given.ids);
    const result = await run({ ...given, weight: 0.25, recordScale: 0.5 });

    expect(expected.counted).toBeGreaterThan(0);
    expect(relativeError(result.loss, [expected.loss])).toBeLessThan(2e-6);
    expect(relativeError(result.rowLosses, expected.rowLosses)).toBeLessThan(2e-6);
    expect(
      relativeError(
        result.gradient,
        expected.gradient.map((slope) => slope / 4),
      ),
    ).toBeLessThan(1e-5);
    expect(relativeError(result.record, [10, 20, 30 + expected.loss / 2])).toBeLessThan(1e-6);
  });

  test('logits far from zero and far apart neither overflow nor vanish', async () => {
    // Farther apart than an exponential takes, wherever the highest is among those that a lane reads.
    const of = nextByte(2, 6, 137);
    const logits = values(2 * 6 * 137, 100).map((x, i) => (i < 800 ? x + 5000 : x - 5000));
    for (let row = 0; row < 12; row++) logits[137 * row + 12 * row] += 200;
    const ids = someIds(14, 137);
    const expected = crossEntropyReference(of, logits, ids);
    const result = await run({ ...of, logits, ids });

    expect(relativeError(result.loss, [expected.loss])).toBeLessThan(1e-5);
    expect(relativeError(result.gradient, expected.gradient)).toBeLessThan(1e-5);
  });

  test('without a target that counts, loss and gradient are zero', async () => {
    const of = nextByte(2, 5, 8, 3);
    const ids = new Uint32Array(12).fill(3);
    const result = await run({ ...of, logits: values(80), ids });

    expect([...result.loss]).toEqual([0]);
    expect([...result.gradient]).toEqual(Array(80).fill(0));
    expect([...result.record]).toEqual([10, 20, 30]);
  });

  test('an ignored row has a zero gradient even where its logits are not finite', async () => {
    const of = nextByte(1, 3, 4);
    const logits = values(12);
    logits.set([NaN, Infinity, -Infinity, NaN], 4);
    const result = await run({ ...of, logits, ids: Uint32Array.of(1, 2, 0, 3) });

    expect(result.gradient.slice(4, 8)).toEqual(new Float32Array(4));
    expect(Number.isFinite(result.loss[0])).toBe(true);
  });

  test('ids that are no class are ignored', async () => {
    const of = nextByte(1, 4, 4, 7);
    const logits = values(16);
    const ids = Uint32Array.of(1, 7, 2, 4_000_000_000, 3);
    const expected = crossEntropyReference(of, logits, ids);
    const result = await run({ ...of, logits, ids });

    expect(expected.counted).toBe(2);
    expect(relativeError(result.loss, [expected.loss])).toBeLessThan(1e-6);
    expect(relativeError(result.gradient, expected.gradient)).toBeLessThan(1e-5);
  });

  test('inference gives the same loss and leaves the logits alone', async () => {
    const given = withNumbers(reconstruction(2, 9, 11, 4, 2));
    const trained = await run(given);
    const inferred = await run({ ...given, training: false });

    expect([...inferred.loss]).toEqual([...trained.loss]);
    expect([...inferred.logits]).toEqual([...given.logits]);
  });

  test('gives the same bits every time', async () => {
    const given = withNumbers(nextByte(4, 77, 50));
    expect(await run(given)).toEqual(await run(given));
  });

  test('adds its gradient to one that is there already', async () => {
    const of = nextByte(1, 3, 4);
    const given = withNumbers(of);
    const session = new EagerSession(await device, { training: true, tuning });
    const logits = session.variable([1, 3, 4], given.logits);
    crossEntropy({
      ...of,
      logits,
      ids: session.constant([1, 4], given.ids),
      hyper: session.constant([1], [1]),
      weightIndex: 0,
      record: session.constant([1], [0]),
      recordIndex: 0,
      recordScale: 1,
    });
    session.graph.backward();
    const { gradient } = await session.run({ gradient: logits.gradient! });
    const expected = crossEntropyReference(of, given.logits, given.ids).gradient;
    expect(relativeError(gradient, expected)).toBeLessThan(1e-5);
  });

  test('channels that are not slots times classes are refused', async () => {
    const given = withNumbers(nextByte(1, 3, 4));
    await expect(run({ ...given, slots: 1, classes: 4, pitch: 4, inputLength: 5 })).rejects.toThrow(
      'crossEntropy: given logits [1, 3, 4], ids [1, 4], inputLength 5, needs inputLength from 1 to the pitch of ids',
    );
  });
});
