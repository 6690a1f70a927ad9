import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { SMALL_GPU, TUNINGS } from '../../../src/tensor/tuning.ts';
import { changeWithSameBits } from '../../../src/train/kernels/bit-comparison.ts';
import { contestsOf, type Change } from '../../../src/train/kernels/contests.ts';
import { gpu } from '../../support/gpu.ts';
import { sabotage } from '../../support/sabotage.ts';

let device: Gpu;
beforeEach(async () => {
  device = await Gpu.open(await gpu());
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The change of the usual tuning that these words say. */
function changeTo(what: string): Change {
  const all = contestsOf(TUNINGS.gpu).flatMap((contest) => contest.flatMap(({ change }) => change ?? []));
  return all.find((change) => change.what === what)!;
}

const AHEAD = 'Small matrix products in tiles of 32x32/4x4 ahead';
const ATTENTION = 'Attention kernels by tiles that are read ahead';
const SEPARATE = 'Gradients of products one after the other';
const APART = 'Dispatches of one hierarchy each';

test('what leaves the same bits is taken, all of it together, and no memory is left', async () => {
  const found = await changeWithSameBits(device, TUNINGS.gpu, [[changeTo(AHEAD)], [], [changeTo(ATTENTION)]]);
  expect(found).toEqual({
    tuning: {
      ...TUNINGS.gpu,
      matmul: { ...TUNINGS.gpu.matmul, small: '32x32/4x4 ahead' },
      attention: 'tiled ahead',
    },
    passedOver: [],
  });
  expect(device.counts).toMatchObject({ buffersAlive: 0, bytesAlive: 0 });
});

test.each([
  ['a product', AHEAD, 'c[3])', '1.0000001 * c[3])', ['fn tiled(', 'const AHEAD: bool = true;', 'matmul']],
  ['gradients', AHEAD, 'c[3])', '1.0000001 * c[3])', ['fn task_of(', 'const AHEAD: bool = true;']],
  ['gradients at once', SEPARATE, 'c[3])', '1.0000001 * c[3])', ['fn task_of(']],
  ['attention', ATTENTION, 'let shrink = exp(', 'let shrink = 1.0000001 * exp(', ['const AHEAD: u32 = 1u;']],
  [
    'going back',
    ATTENTION,
    'exp(scores[row] - query_lse)',
    '1.0000001 * exp(scores[row] - query_lse)',
    ['const AHEAD: u32 = 1u;'],
  ],
  ['shared dispatches', APART, 'c[3])', '1.0000001 * c[3])', ['shared_dispatch']],
] as const)('what rounds otherwise in %s is left out and said: %s', async (_, what, text, other, among) => {
  sabotage(device, { [text]: other }, ...among);
  const harmless = what === ATTENTION ? AHEAD : ATTENTION;
  const kinds = [[changeTo(what)], [changeTo(harmless)]];
  const { tuning, passedOver } = await changeWithSameBits(device, TUNINGS.gpu, kinds);
  expect(tuning).toEqual(changeTo(harmless).make(TUNINGS.gpu));
  expect(passedOver).toEqual([`${what} are faster, but round otherwise than the usual kernels.`]);
  expect(device.counts).toMatchObject({ buffersAlive: 0, bytesAlive: 0 });
});

test('what cannot be compared is left out and said, and nothing else', async () => {
  sabotage(device, { 'let shrink = exp(': 'let shrink = exp exp(' }, 'const AHEAD: u32 = 1u;');
  const kinds = [[changeTo(ATTENTION)], [changeTo(AHEAD)]];
  const { tuning, passedOver } = await changeWithSameBits(device, TUNINGS.gpu, kinds);
  expect(tuning).toEqual(changeTo(AHEAD).make(TUNINGS.gpu));
  expect(passedOver).toEqual([
    expect.stringMatching(`^${ATTENTION} are faster, but could not be compared with the usual kernels: .*attention`),
  ]);
  expect(device.counts).toMatchObject({ buffersAlive: 0, bytesAlive: 0 });
});

test('where the fastest rounds otherwise the next fastest is taken that does not', async () => {
  sabotage(device, { 'c[3])': '1.0000001 * c[3])' }, 'fn tiled(', 'const AHEAD: bool = true;', 'matmul');
  const [next, last] = ['64x32/8x4', '64x64/4x4'].map((tile) => changeTo(`Small matrix products in tiles of ${tile}`));
  const { tuning, passedOver } = await changeWithSameBits(device, TUNINGS.gpu, [[changeTo(AHEAD), next, last]]);
  expect(tuning).toEqual(next.make(TUNINGS.gpu));
  expect(passedOver).toEqual([`${AHEAD} are faster, but round otherwise than the usual kernels.`]);
});

test('no two changes are said in the same words', () => {
  const said = contestsOf(TUNINGS.gpu).flatMap((contest) => contest.flatMap(({ change }) => change?.what ?? []));
  expect(said).toHaveLength(new Set(said).size);
});

test.each([TUNINGS.gpu, { ...TUNINGS.gpu, parallelTiles: SMALL_GPU.parallelTiles }])(
  'no contest has more than a few MB to compare, on large GPUs and small ones',
  (tuning) => {
    for (const { change } of contestsOf(tuning).flat()) {
      if (!change) continue;
      const bytes = [...change.usual().graph.kept].reduce(
        (sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b),
        0,
      );
      expect(bytes, change.what).toBeGreaterThan(0);
      expect(bytes, change.what).toBeLessThan(4e6);
    }
  },
);
