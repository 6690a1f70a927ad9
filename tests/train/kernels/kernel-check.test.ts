import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { kernelProbes } from '../../../src/model/kernel-probes.ts';
import type { KernelTraits } from '../../../src/model/kernel-traits.ts';
import { EagerSession } from '../../../src/tensor/eager.ts';
import { everySize, TUNINGS, type Tuning } from '../../../src/tensor/tuning.ts';
import { checkKernels, type KernelChoice } from '../../../src/train/kernels/kernel-check.ts';
import { gpu } from '../../support/gpu.ts';
import { sabotage } from '../../support/sabotage.ts';

let device: Gpu;
beforeEach(async () => {
  device = await Gpu.open(await gpu());
});
afterEach(() => {
  vi.restoreAllMocks();
});

const TRAITS: KernelTraits = { headWidths: [32], aligned: true };
/** The variants in question, of which nothing is known. */
const unchecked = (tuning: Tuning): KernelChoice => ({ tuning, replaced: [], passedOver: [], wrong: [], checked: [] });

const WRONG_SUBGROUPS = { 'subgroupShuffleXor(sum, step)': 'subgroupShuffleXor(sum, 1u)' };

describe('the check at start-up', () => {
  it('finds every variant for GPUs in agreement with the plain kernels', async () => {
    const { tuning, replaced, checked } = await checkKernels(device, unchecked(TUNINGS.gpu), TRAITS);
    expect({ tuning, replaced }).toEqual({ tuning: TUNINGS.gpu, replaced: [] });
    expect(checked).toEqual([
      'Matrix products in tiles of 32x32/4x4 in 4',
      'Matrix products in tiles of 32x32/4x4',
      'Matrix products in tiles of 64x64/8x4',
      'Matrix products in tiles of 128x128/8x8',
      'Gradients of products at once in tiles of 32x32/4x4 in 4',
      'Gradients of products at once in tiles of 32x32/4x4',
      'Gradients of products at once in tiles of 64x64/8x4',
      'Gradients of products at once with SiLU',
      'Gradients of products at once with GELU',
      'Activations of products',
      'Attention kernels by tiles for heads of width 32',
      'Sums over rows that invocations share',
      'Sums over rows that invocations share in merges',
      'Sums over rows that invocations share in cosines',
      'Sums over rows that invocations share in gradients of embeddings',
      'Losses by 16 invocations a row',
      'Dispatches that hierarchies share',
    ]);
    // A start waits for it, and compiling is most of that.
    expect(device.counts.pipelinesCreated).toBeLessThanOrEqual(90);
  });

  it.each([
    [
      'matmul',
      everySize('32x32/4x4'),
      'fma(x.xxxx, y, c[0])',
      'fma(-x.xxxx, y, c[0])',
      'Matrix products in tiles of 32x32/4x4',
    ],
    [
      'matmul',
      everySize('32x32/4x4'),
      '!VIEWED || u32(place.y) < u32(params.a_length)',
      'true',
      'Matrix products in tiles of 32x32/4x4',
    ],
    ['matmul', 'quads', 'c.beside + y * x.beside', 'c.beside + y * x.below', 'Matrix products by quads'],
    ['attention', 'tiled', 'let shrink = exp(', 'let shrink = 1.5 * exp(', 'Attention kernels by tiles'],
    ['attention', 'quads', 'quadSwapDiagonal(v)', 'quadSwapY(v)', 'Attention kernels by quads'],
    ['reductions', 'shared', 'other < min(lanes, FOLDED)', 'other < 1u', 'Sums over rows that invocations share'],
  ] as const)('replaces wrong kernels for %s and says so', async (field, variant, text, other, what) => {
    sabotage(device, { [text]: other });
    const { tuning, replaced } = await checkKernels(
      device,
      unchecked({ ...TUNINGS.software, [field]: variant }),
      TRAITS,
    );
    expect(tuning).toEqual(TUNINGS.software);
    expect(replaced).toEqual([
      expect.stringMatching(`^${what}( for heads of width 32)? differ from the plain kernel in `),
    ]);
  });

  it('replaces attention that reads the wrong tiles ahead by tiles that are not read ahead', async () => {
    sabotage(device, { 'K, tile + TILE, 0u)': 'K, tile, 0u)' });
    const wanted = unchecked({ ...TUNINGS.software, attention: 'tiled ahead' });
    const { tuning, replaced } = await checkKernels(device, wanted, TRAITS);
    expect(tuning).toEqual({ ...TUNINGS.software, attention: 'tiled' });
    expect(replaced).toEqual([
      expect.stringMatching('^Attention kernels by tiles that are read ahead for heads of width 32'),
    ]);
  });

  it('replaces products whose activations are wrong and says so', async () => {
    sabotage(
      device,
      { '0.5 * (1.0 + erf_cody(x * 0.70710678118654752)) + x': '0.6 * (1.0 + erf_cody(x)) + x' },
      'LANES_M',
    );
    const wanted = unchecked({ ...TUNINGS.software, matmul: everySize('32x32/4x4') });
    const { tuning, replaced } = await checkKernels(device, wanted, TRAITS);
    expect(tuning).toEqual(TUNINGS.software);
    expect(replaced).toEqual([expect.stringMatching('^Activations of products differ from the plain kernel in ')]);
  });

  it.each([
    ['params.accumulate != 0u', 'dx'],
    ['params.has_residual != 0u', 'y'],
  ])('replaces products that do not add to what is there: %s', async (text, result) => {
    sabotage(device, { [text]: 'false' }, 'LANES_M');
    const wanted = unchecked({ ...TUNINGS.software, matmul: everySize('32x32/4x4') });
    const { tuning, replaced } = await checkKernels(device, wanted, TRAITS);
    expect(tuning).toEqual(TUNINGS.software);
    expect(replaced).toEqual([
      expect.stringContaining(`Activations of products differ from the plain kernel in ${result} by `),
    ]);
  });

  it.each([
    ['c00 = add_outer(c00, left', 'c00 = add_outer(c00, 1.01 * left', 'in tiles of 64x64/8x4'],
    ['(ACTIVATION == 1u) { return sigmoid(x) * (1.0', '(ACTIVATION == 1u) { return sigmoid(x) * (1.1', 'with SiLU'],
    ['params.accumulate_dx != 0u', 'false', 'with SiLU'],
    ['params.accumulate_dweight != 0u)', 'false)', 'with SiLU'],
  ])('makes gradients one after the other where at once they are wrong: %s', async (text, other, where) => {
    const file = 'fn task_of(';
    sabotage(device, { [text]: other }, file);
    const wanted: Tuning = { ...TUNINGS.software, matmul: everySize('64x64/8x4'), jointGradients: true };
    const { tuning, replaced } = await checkKernels(device, unchecked(wanted), TRAITS);
    expect(tuning).toEqual({ ...wanted, jointGradients: false });
    expect(replaced).toEqual([expect.stringContaining(`Gradients of products at once ${where} differ from `)]);
  });

  it('has hierarchies share all that they have in a layer', () => {
    const session = new EagerSession(device, { training: true, tuning: TUNINGS.gpu });
    kernelProbes(TRAITS).streams[0].record(session);
    const labels = new Set(session.graph.dispatches.map(({ kernel }) => kernel.label));
    session.graph.share();
    const shared = session.graph.dispatches.filter(({ members }) => members?.length === 2);
    // Parts of gradients are added up at once anyway.
    labels.delete('gradient-sum/sum_parts');
    expect(new Set(shared.map(({ kernel }) => kernel.label))).toEqual(labels);
  });

  it.each([
    ['let i = group.x - ', 'let i = 1u + group.x - '],
    ['(member, ', '(0u, '],
  ])('gives each hierarchy its own dispatches where shared ones are wrong: %s', async (text, other) => {
    sabotage(device, { [text]: other }, 'shared_dispatch');
    const wanted: Tuning = { ...TUNINGS.software, reductions: 'shared', sharedDispatches: true };
    const { tuning, replaced } = await checkKernels(device, unchecked(wanted), { headWidths: [], aligned: true });
    expect(tuning).toEqual({ ...wanted, sharedDispatches: false });
    expect(replaced).toEqual([
      expect.stringContaining('Dispatches that hierarchies share differ from the plain kernel'),
    ]);
  });

  it.each([
    ['merges', 'other < min(lanes, FOLDED)', 'other < 1u', 'concat_norm'],
    ['cosines', 'i < min(lanes, FOLDED)', 'i < 1u', 'compare_rows'],
    ['gradients of embeddings', 'slice < SLICES', 'slice < 2u', 'embedding_dweight'],
    ['gradients of embeddings', 'other < LANES', 'other < 32u', 'embedding_dweight'],
  ])('has one invocation add up rows where sums that invocations share are wrong only in %s', async (...wrong) => {
    const [where, text, other, among] = wrong;
    sabotage(device, { [text]: other }, among);
    const wanted = unchecked({ ...TUNINGS.software, reductions: 'shared' });
    const { tuning, replaced } = await checkKernels(device, wanted, TRAITS);
    expect(tuning).toEqual(TUNINGS.software);
    expect(replaced).toEqual([
      expect.stringMatching(`^Sums over rows that invocations share in ${where} differ from the plain kernel in `),
    ]);
  });

  it('does without sums by subgroups where only updates are wrong by them', async () => {
    sabotage(device, WRONG_SUBGROUPS, 'begin_update');
    const wanted = unchecked({ ...TUNINGS.software, reductions: 'subgroup' });
    const { tuning, replaced } = await checkKernels(device, wanted, TRAITS);
    expect(tuning).toEqual({ ...TUNINGS.software, reductions: 'shared' });
    expect(replaced).toEqual([expect.stringMatching('^Sums over rows by subgroups in updates differ ')]);
  });

  it('replaces sums by subgroups with shared ones where those are right', async () => {
    sabotage(device, WRONG_SUBGROUPS);
    const { tuning, replaced } = await checkKernels(
      device,
      unchecked({ ...TUNINGS.software, reductions: 'subgroup' }),
      TRAITS,
    );
    expect(tuning).toEqual({ ...TUNINGS.software, reductions: 'shared' });
    expect(replaced).toEqual([expect.stringContaining('Sums over rows by subgroups differ from the plain kernel in ')]);
  });

  it('tries losses with the sums by subgroups that they will have', async () => {
    sabotage(device, { 'subgroupShuffleXor(highest, step)': 'highest' });
    const wanted: Tuning = { ...TUNINGS.software, reductions: 'subgroup', lossLanes: 16 };
    const { tuning, replaced } = await checkKernels(device, unchecked(wanted), TRAITS);
    expect(tuning).toEqual({ ...wanted, lossLanes: 1 });
    expect(replaced).toEqual([expect.stringMatching(/^Losses by 16 invocations a row of a subgroup differ /)]);
  });

  it('checks what replaces a kernel', async () => {
    sabotage(device, { ...WRONG_SUBGROUPS, 'other < min(lanes, FOLDED)': 'other < 1u' });
    const { tuning, replaced } = await checkKernels(
      device,
      unchecked({ ...TUNINGS.software, reductions: 'subgroup' }),
      TRAITS,
    );
    expect(tuning).toEqual(TUNINGS.software);
    expect(replaced.map((text) => text.split(' differ')[0])).toEqual([
      'Sums over rows by subgroups',
      'Sums over rows that invocations share',
    ]);
  });

  it('replaces kernels that do not compile', async () => {
    sabotage(device, { 'fn add_outer(': 'fn add outer(' });
    const wanted = { ...TUNINGS.software, matmul: everySize('64x64/4x4') };
    const { tuning, replaced } = await checkKernels(device, unchecked(wanted), TRAITS);
    expect(tuning).toEqual(TUNINGS.software);
    expect(replaced).toEqual([
      expect.stringMatching(/^Matrix products in tiles of 64x64\/4x4 do not run: .*expected '\(' for function/s),
    ]);
  });

  it('keeps kernels whose plain counterpart does not run, says that they are unchecked, and checks the others', async () => {
    sabotage(device, { 'fn embedding_dweight(': 'fn embedding dweight(' }, 'const SLICES: u32 = 1u;');
    const wanted: Tuning = { ...TUNINGS.software, reductions: 'shared' };
    const { tuning, replaced, passedOver, checked } = await checkKernels(device, unchecked(wanted), TRAITS);
    expect({ tuning, replaced }).toEqual({ tuning: wanted, replaced: [] });
    expect(passedOver).toEqual([
      expect.stringMatching(
        /^Sums over rows that invocations share in gradients of embeddings are used unchecked: the plain kernels do not run: .*expected '\('/s,
      ),
    ]);
    expect(checked).toHaveLength(4);
    expect(device.counts).toMatchObject({ buffersAlive: 0, bytesAlive: 0 });
  });

  it('replaces kernels that do not run also where there is nothing to compare them with', async () => {
    sabotage(device, { 'fn embedding_dweight(': 'fn embedding dweight(' });
    const wanted: Tuning = { ...TUNINGS.software, reductions: 'shared' };
    const { tuning, replaced, passedOver } = await checkKernels(device, unchecked(wanted), TRAITS);
    expect({ tuning, passedOver }).toEqual({ tuning: TUNINGS.software, passedOver: [] });
    expect(replaced).toEqual([expect.stringMatching(/ in gradients of embeddings do not run: /)]);
  });

  it('leaves no memory behind where it replaces kernels, also those that it then does not run or cannot', async () => {
    // Two probes of one tile: the second is not run once the first has failed.
    sabotage(device, { 'fma(x.xxxx, y, c[0])': 'fma(-x.xxxx, y, c[0])', 'let shrink = exp(': 'let shrink = exp exp(' });
    const wanted: Tuning = { ...TUNINGS.software, matmul: everySize('32x32/4x4'), attention: 'tiled' };
    const { tuning } = await checkKernels(device, unchecked(wanted), { headWidths: [4], aligned: false });
    expect(tuning).toEqual(TUNINGS.software);
    expect(device.counts).toMatchObject({ buffersAlive: 0, bytesAlive: 0 });
  });

  it('compares what a model needs, and later only what another one needs besides', async () => {
    const wanted: Tuning = { ...TUNINGS.software, matmul: everySize('32x32/4x4'), attention: 'tiled' };
    const first = await checkKernels(device, unchecked(wanted), { headWidths: [4], aligned: true });
    expect(first.checked).toEqual([
      'Matrix products in tiles of 32x32/4x4',
      'Activations of products',
      'Attention kernels by tiles for heads of width 4',
    ]);
    const runs = vi.spyOn(EagerSession.prototype, 'run');
    const again = await checkKernels(device, first, { headWidths: [4], aligned: true });
    expect(again).toEqual(first);
    expect(runs).not.toHaveBeenCalled();
    const second = await checkKernels(device, first, { headWidths: [4, 6], aligned: false });
    const besides = [
      'Matrix products in tiles of 32x32/4x4 for widths that are no multiples of four',
      'Attention kernels by tiles for heads of width 6',
    ];
    expect(second).toEqual({ ...unchecked(wanted), checked: [...first.checked, ...besides] });
    // The variant and the plain kernels, for each.
    expect(runs).toHaveBeenCalledTimes(4);
  });

  it('finds kernels that are wrong only where rows are no vectors of four', async () => {
    sabotage(device, { 'at + 3u * next, segment));': 'at + 2u * next, segment));' });
    const wanted = unchecked({ ...TUNINGS.software, matmul: everySize('32x32/4x4') });
    expect((await checkKernels(device, wanted, TRAITS)).replaced).toEqual([]);
    const { tuning, replaced } = await checkKernels(device, wanted, { ...TRAITS, aligned: false });
    expect(tuning).toEqual(TUNINGS.software);
    expect(replaced).toEqual([expect.stringContaining('32x32/4x4 for widths that are no multiples of four differ')]);
  });
});
