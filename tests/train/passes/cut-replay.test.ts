import { describe, expect, it } from 'vitest';
import type { PassTimer } from '../../../src/gpu/pass-timer.ts';
import type { RecordedDispatch } from '../../../src/tensor/graph.ts';
import { TUNINGS } from '../../../src/tensor/tuning.ts';
import { cutReplay } from '../../../src/train/passes/cut-replay.ts';
import { tracePreset } from '../../support/trace-preset.ts';

const { accumulate } = tracePreset('readme4', TUNINGS.gpu);
const { dispatches, backwardStart } = accumulate;
const timer = {
  pass: (index: number) => ({ beginningOfPassWriteIndex: 2 * index, endOfPassWriteIndex: 2 * index + 1 }),
} as PassTimer;

describe.each([1, 2, 7, 64, 5000])('a replay cut into %i', (pieces) => {
  const cut = cutReplay(accumulate, pieces, timer);

  it('runs every dispatch once, in order, with a pass that ends where the forward pass does', () => {
    let next = 0;
    for (const { from, to } of cut.flat()) {
      expect(from).toBe(next);
      expect(to).toBeGreaterThan(next);
      next = to!;
    }
    expect(next).toBe(dispatches.length);
    expect(cut.flat().map(({ to }) => to)).toContain(backwardStart);
    expect(cut.length).toBeLessThanOrEqual(pieces);
    expect(cut.every((piece) => piece.length > 0)).toBe(true);
  });

  it('notes the beginning and the end of each pass once', () => {
    const noted = cut.flatMap((piece) =>
      piece.flatMap(({ timestampWrites: writes }) => [writes?.beginningOfPassWriteIndex, writes?.endOfPassWriteIndex]),
    );
    expect(noted.filter((index) => index !== undefined)).toEqual([0, 1, 2, 3]);
  });
});

it('is cut by work and not by the number of kernels: the convolutions at both ends are pieces of few', () => {
  const counts = cutReplay(accumulate, 16, null).map((piece) =>
    piece.reduce((sum, { from, to }) => sum + to! - from!, 0),
  );
  expect(Math.max(...counts)).toBeGreaterThan(3 * counts[0]);
  expect(Math.max(...counts)).toBeGreaterThan(3 * counts.at(-1)!);
});

describe('a piece', () => {
  const call = (params: RecordedDispatch['params'], products = 1): RecordedDispatch => ({
    kernel: dispatches[0].kernel,
    bindings: {},
    params,
    workgroups: [1, 1, products],
  });
  const one = call({ m: 8, n: 8, k: 8, segments: 2 });

  it.each([
    ['every product of a dispatch', call({ m: 8, n: 8, k: 8, segments: 2 }, 4)],
    ['the parts of a sum as one product', call({ m: 8, n: 8, k: 64, k_per_part: 16 }, 4)],
    ['both gradients that are made at once', call({ rows: 32, outputs: 8, channels: 8 })],
  ])('counts %s', (_, four) => {
    const trace = { dispatches: [four, one, one, one, one], backwardStart: 0 };
    expect(cutReplay(trace, 2, null).map(([{ from, to }]) => [from, to])).toEqual([
      [0, 1],
      [1, 5],
    ]);
  });
});
