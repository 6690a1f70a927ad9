import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { Program } from '../../../src/gpu/program.ts';
import { Stopwatch } from '../../../src/gpu/stopwatch.ts';
import { kernelProbes } from '../../../src/model/kernel-probes.ts';
import { traceStreams } from '../../../src/model/speed-probes.ts';
import { ALL_TILES, planesOf, shapeClass } from '../../../src/ops/tiles.ts';
import { EagerSession } from '../../../src/tensor/eager.ts';
import { callsOf } from '../../../src/tensor/graph.ts';
import { everySize, SMALL_GPU, TUNINGS } from '../../../src/tensor/tuning.ts';
import { CONTESTS, contestRows, GRADIENTS, STREAMS } from '../../../src/train/kernels/contests.ts';
import { fastestKernels } from '../../../src/train/kernels/kernel-timing.ts';
import { OpenProbe } from '../../../src/train/kernels/probe-timing.ts';
import { gpu } from '../../support/gpu.ts';
import { sabotage } from '../../support/sabotage.ts';
import { tracePreset } from '../../support/trace-preset.ts';

// One for all, so that each kernel is compiled once.
const device = await Gpu.open(await gpu());
beforeEach(() => {
  // A software adapter compiles as slowly as it likes.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe.each(kernelProbes({ headWidths: [], aligned: false }).matmul)('products$of', ({ record }) => {
  it.each([1, 4])('are the same bits in all tiles that cut sums in %i', async (planes) => {
    const run = (tile: (typeof ALL_TILES)[number]) => {
      const session = new EagerSession(device, { training: true, tuning: { ...TUNINGS.gpu, matmul: everySize(tile) } });
      return session.run(record(session));
    };
    const [first, ...others] = ALL_TILES.filter((tile) => planesOf(tile) === planes);
    const bits = await run(first);
    expect(others.length).toBeGreaterThan(0);
    for (const tile of others) expect(await run(tile), tile).toEqual(bits);
  });
});

describe('products are chosen by time', () => {
  /** A stopwatch that reads so, call by call, while the clock stands still, once the GPU is warm. */
  function reading(calls: number[], otherwise: number): void {
    vi.spyOn(performance, 'now').mockReturnValue(1000).mockReturnValueOnce(0);
    vi.spyOn(Stopwatch.prototype, 'time').mockImplementation(() => Promise.resolve(calls.shift() ?? otherwise));
    // A product that warms a GPU takes a CPU seconds.
    vi.spyOn(Program.prototype, 'encode').mockReturnValueOnce();
  }

  /** Milliseconds of the candidates of each contest in turn: twice there, since the first run does not count, once back. */
  function taking(...contests: number[][]): void {
    const calls = contests.flatMap((times) => [...times.flatMap((time) => [99, time]), ...times.toReversed()]);
    reading(calls, Infinity);
  }

  it('where one is clearly faster than the usual one', async () => {
    const large = [9, 8, 20, 10, 12];
    const medium = [5, 4.9, 5.2, 6, 5.1, 7];
    const small = [7, 8, 4, 3];
    const few = [5, 4];
    taking(large, medium, small, few);
    const { tuning } = await fastestKernels(device, TUNINGS.gpu);
    expect(tuning.matmul).toEqual({
      large: '128x64/8x8',
      medium: '64x64/8x4',
      small: '32x32/4x4 ahead',
      few: '32x32/4x4 in 4 ahead',
    });
  });

  it.each([
    ['one after the other where that is clearly faster', [5, 4], false],
    ['at once where it hardly matters', [5, 4.9], true],
  ] as const)('with both gradients %s', async (_what, times, jointGradients) => {
    taking([5, 5, 5, 5, 5], [5, 5, 5, 5, 5, 5], [5, 5, 5, 5], [5, 5], [...times]);
    expect(await fastestKernels(device, TUNINGS.gpu)).toEqual({
      tuning: { ...TUNINGS.gpu, jointGradients },
      passedOver: [],
    });
  });

  it.each([
    ['read ahead where that is clearly faster', [5, 4], 'tiled ahead'],
    ['not where it hardly matters', [5, 4.9], 'tiled'],
  ] as const)('with tiles of attention %s', async (_what, times, attention) => {
    taking([5, 5, 5, 5, 5], [5, 5, 5, 5, 5, 5], [5, 5, 5, 5], [5, 5], [5, 5], [...times]);
    expect(await fastestKernels(device, TUNINGS.gpu)).toEqual({
      tuning: { ...TUNINGS.gpu, attention },
      passedOver: [],
    });
  });

  it.each([
    ['one for each where that is clearly faster', [5, 4], false],
    ['shared where it hardly matters', [5, 4.9], true],
  ] as const)('with dispatches of hierarchies %s', async (_what, times, sharedDispatches) => {
    taking([5, 5, 5, 5, 5], [5, 5, 5, 5, 5, 5], [5, 5, 5, 5], [5, 5], [5, 5], [5, 5], [...times]);
    expect(await fastestKernels(device, TUNINGS.gpu)).toEqual({
      tuning: { ...TUNINGS.gpu, sharedDispatches },
      passedOver: [],
    });
  });

  it('with what does not compile left out, and says so', async () => {
    const other = await Gpu.open(await gpu());
    vi.spyOn(other, 'isLost').mockResolvedValue(false);
    sabotage(other, { 'let shrink = exp(': 'let shrink = exp exp(' }, 'const AHEAD: u32 = 1u;');
    taking([9, 8, 20, 10, 12], [5, 5, 5, 5, 5, 5], [5, 5, 5, 5], [5, 5], [5, 4], [5], [5, 4]);
    expect(await fastestKernels(other, TUNINGS.gpu)).toEqual({
      tuning: {
        ...TUNINGS.gpu,
        matmul: { ...TUNINGS.gpu.matmul, large: '128x64/8x8' },
        jointGradients: false,
        sharedDispatches: false,
      },
      passedOver: [expect.stringMatching('^Attention kernels by tiles that are read ahead do not run: ')],
    });
    expect(other.counts).toMatchObject({ buffersAlive: 0, bytesAlive: 0 });
  });

  it('with what is faster but gives other bits left out, and says so', async () => {
    taking([9, 8, 20, 10, 12], [5, 5, 5, 5, 5, 5], [5, 5, 5, 5], [5, 5], [5, 5], [5, 4]);
    const resultsOf = vi.spyOn(OpenProbe.prototype, 'resultsOf');
    const products = [Uint32Array.of(1, 2), Uint32Array.of(3)];
    resultsOf.mockResolvedValueOnce(products).mockResolvedValueOnce(products);
    resultsOf.mockResolvedValueOnce([Uint32Array.of(1, 2)]).mockResolvedValueOnce([Uint32Array.of(1, 3)]);
    const { tuning, passedOver } = await fastestKernels(device, TUNINGS.gpu);
    expect(tuning).toEqual({ ...TUNINGS.gpu, matmul: { ...TUNINGS.gpu.matmul, large: '128x64/8x8' } });
    expect(passedOver).toEqual([
      expect.stringMatching('^Attention kernels by tiles that are read ahead are faster, but '),
    ]);
    // Only what is faster is compared.
    expect(resultsOf).toHaveBeenCalledTimes(4);
  });

  it.each([TUNINGS.gpu, SMALL_GPU])('of which half as many are left, on large GPUs and small ones', (tuning) => {
    const [shared, apart] = [true, false].map((sharedDispatches) => {
      const streams = STREAMS.map((shape) => ({ ...shape, rows: contestRows(tuning, shape) }));
      return traceStreams({ ...tuning, sharedDispatches }, streams).graph.dispatches.length;
    });
    expect(shared).toBeLessThanOrEqual(apart / 2 + 1);
  });

  it.each(['quick', 'two'] as const)('at sums no shorter than those that take %s most time', (id) => {
    const { accumulate } = tracePreset(id, { ...TUNINGS.gpu, jointGradients: false });
    for (const size of ['small', 'few', 'medium'] as const) {
      const sums = callsOf(accumulate.dispatches)
        .filter(({ kernel }) => kernel.entry.name === 'tiled')
        .map(({ params: { m, n, k, segments = 1, k_per_part: length = k * segments }, workgroups: [, , parts] }) => ({
          class: shapeClass(TUNINGS.gpu, m, n, parts),
          length,
          work: m * n * k * segments,
        }))
        .filter((sum) => sum.class === size);
      const all = sums.reduce((total, { work }) => total + work, 0);
      const mean = sums.reduce((total, { length, work }) => total + length * (work / all), 0);
      expect(CONTESTS[size].inputs, size).toBeGreaterThan(mean);
    }
  });

  it('by the better of two times, so that none loses by being first', async () => {
    const there = [9, 5, 5, 5, 5].flatMap((time) => [99, time]);
    const back = [5, 5, 5, 5, 4.9];
    reading([...there, ...back], 9);
    expect((await fastestKernels(device, TUNINGS.gpu)).tuning.matmul).toEqual(TUNINGS.gpu.matmul);
  });

  it.each([TUNINGS.gpu, SMALL_GPU])('by one of each class, on large GPUs and small ones', (tuning) => {
    const classes = Object.values(CONTESTS).map((contest) =>
      shapeClass(tuning, contestRows(tuning, contest), contest.outputs, 1),
    );
    expect(classes).toEqual(Object.keys(CONTESTS));
  });

  it.each([TUNINGS.gpu, SMALL_GPU])(
    'by a product whose gradients are made at once, on large GPUs and small ones',
    (tuning) => {
      const { graph } = traceStreams(tuning, [{ ...GRADIENTS, rows: contestRows(tuning, GRADIENTS) }]);
      expect(graph.dispatches.map(({ kernel }) => kernel.label)).toContain('linear-gradients-tiled/tiled');
    },
  );

  describe('unless compiling takes too long', () => {
    it('for one kernel, and then no other is compiled', async () => {
      const other = await Gpu.open(await gpu());
      const compile = vi.spyOn(other.device, 'createComputePipelineAsync').mockReturnValue(new Promise(() => {}));
      const choice = fastestKernels(other, TUNINGS.gpu);
      await vi.waitFor(() => expect(compile).toHaveBeenCalled());
      await vi.advanceTimersByTimeAsync(1000);
      const passedOver = ['All but the usual kernels are not timed: compiling one takes more than 1 s here.'];
      expect(await choice).toEqual({ tuning: TUNINGS.gpu, passedOver });
      expect(compile).toHaveBeenCalledOnce();
      // It is one that is timed.
      expect(compile.mock.calls[0][0].label).toBe('attention/forward');
      // What is under way holds no scope of errors open.
      await expect(other.device.popErrorScope()).rejects.toThrow(/scope/i);
    });

    it('for all together', async () => {
      const other = await Gpu.open(await gpu());
      const compile = vi.spyOn(other.device, 'createComputePipelineAsync').mockReturnValue(new Promise(() => {}));
      compile.mockResolvedValueOnce({} as GPUComputePipeline);
      const choice = fastestKernels(other, TUNINGS.gpu);
      await vi.waitFor(() => expect(compile).toHaveBeenCalledTimes(23));
      await vi.advanceTimersByTimeAsync(7999);
      await vi.advanceTimersByTimeAsync(1);
      const passedOver = ['All but the usual kernels are not timed: compiling them takes more than 8 s here.'];
      expect(await choice).toEqual({ tuning: TUNINGS.gpu, passedOver });
    });
  });

  it('unless there is no time', async () => {
    taking([9, 8, 20, 10, 12]);
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (clock += 1000));
    expect(await fastestKernels(device, TUNINGS.gpu)).toEqual({ tuning: TUNINGS.gpu, passedOver: [] });
  });
});
