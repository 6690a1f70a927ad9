import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { HYPER_LENGTH, writeHyper } from '../../src/optim/hyper.ts';
import { recordUpdate } from '../../src/optim/update.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import type { Tuning } from '../../src/tensor/tuning.ts';
import { readGolden } from '../support/golden.ts';
import { gpu } from '../support/gpu.ts';
import { AdamReference } from '../support/reference/adam.ts';
import { relativeError } from '../support/relative-error.ts';
import { REDUCTION_TUNINGS } from '../support/tunings.ts';

const device = Gpu.open(await gpu());

type Numbers = Float32Array<ArrayBuffer>;

const OPTIONS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const NO_DECAY = { learningRate: 1e-3, weightDecay: 0, clip: 0.5 };
const ONES = new Uint32Array(64).fill(1);

interface Run {
  /** One list for each segment. */
  weights: Numbers[];
  mask?: number[][];
  /** One list for each step and segment. */
  gradients: Numbers[][];
  hyper?: { learningRate: number; weightDecay: number; clip: number };
  options?: typeof OPTIONS;
  /** Up to the first of those numbers that do not matter. */
  state?: number[];
  scaling?: { growth: number };
  /** Losses of each step; three of them, the middle two are watched. */
  losses?: number[][];
  tuning?: Tuning;
}

/** Makes all updates in one go; record of step i: losses at 5i .. 5i+2, norm at 5i+3, flag at 5i+4. */
async function run({
  weights,
  mask,
  gradients,
  hyper = NO_DECAY,
  options = OPTIONS,
  state = [0, 0],
  scaling,
  losses = [],
  tuning,
}: Run) {
  const session = new EagerSession(await device, { tuning });
  const packed = new Float32Array(HYPER_LENGTH);
  writeHyper(packed, { ceWeight: NaN, reconWeight: NaN, arWeight: NaN, ...hyper });
  const hyperTensor = session.constant([HYPER_LENGTH], packed);
  const stateTensor = session.constant([state.length], Uint32Array.from(state));
  const record = session.constant(
    [gradients.length * 5],
    gradients.flatMap((_, step) => [...(losses[step] ?? [1, 2, 3]), -1, -1]),
  );
  const segments = weights.map((values, s) => {
    const blocks = Uint32Array.from(mask?.[s] ?? Array<number>(values.length / 64).fill(1));
    return {
      weights: session.constant([values.length], values),
      m: session.constant([values.length], new Float32Array(values.length)),
      v: session.constant([values.length], new Float32Array(values.length)),
      mask: session.constant([blocks.length], blocks),
    };
  });
  gradients.forEach((ofStep, step) => {
    recordUpdate(session.graph, {
      segments: segments.map((segment, s) => ({
        ...segment,
        gradients: session.constant([ofStep[s].length], ofStep[s]),
      })),
      hyper: hyperTensor,
      state: stateTensor,
      record,
      options,
      scaling,
      indices: { firstLoss: 5 * step + 1, lossCount: 2, gradientNorm: 5 * step + 3, notFinite: 5 * step + 4 },
    });
  });
  const wanted: Record<string, Tensor> = { state: stateTensor, record };
  segments.forEach((segment, s) => Object.assign(wanted, { [`w${s}`]: segment.weights, [`m${s}`]: segment.m }));
  const results = await session.run(wanted);
  const { record: records } = results;
  return {
    weights: segments.map((_, s) => results[`w${s}`]),
    moments: segments.map((_, s) => results[`m${s}`]),
    state: [...results.state],
    norms: gradients.map((_, step) => records[5 * step + 3]),
    flags: gradients.map((_, step) => records[5 * step + 4]),
  };
}

function values(count: number, phase: number, scale = 1): Numbers {
  return Float32Array.from({ length: count }, (_, i) => scale * (Math.sin(i * 12.9898 + phase) + Math.cos(i * 0.37)));
}

describe('an update', () => {
  const hyper = { learningRate: 2e-3, weightDecay: 0.1, clip: 0.7 };
  const lengths = [64, 640, 5056];
  const weights = lengths.map((length, s) => values(length, s));
  const gradients = [1, 0.01, 3, 0.2].map((scale, step) =>
    lengths.map((length, s) => values(length, 9 * step + s, scale)),
  );
  const mask = lengths.map((length, s) =>
    Array.from({ length: length / 64 }, (_, i) => (s === 0 ? 3 : (i * 3 + s) % 4)),
  );
  const perParameter = mask.flatMap((blocks) => blocks.flatMap((bits) => Array<number>(64).fill(bits)));

  test.each(REDUCTION_TUNINGS)('over segments agrees with AdamW in float64, kernels for %s', async (_name, tuning) => {
    const result = await run({ weights, gradients, mask, hyper, tuning });
    const expected = new AdamReference(weights.flatMap((list) => [...list]));
    const all = gradients.map((ofStep) => ofStep.flatMap((list) => [...list]));
    const norms = all.map((list) => expected.update(list, perParameter, { ...hyper, ...OPTIONS }));

    expect(relativeError(result.norms, norms)).toBeLessThan(1e-6);
    expect(
      relativeError(
        result.weights.flatMap((list) => [...list]),
        expected.weights,
      ),
    ).toBeLessThan(1e-6);
    expect(
      relativeError(
        result.moments.flatMap((list) => [...list]),
        expected.m,
      ),
    ).toBeLessThan(1e-6);
    expect(result.flags).toEqual([0, 0, 0, 0]);
    expect(result.state).toEqual([4, 0]);
  });

  test('moves neither weights nor moments of blocks without a gradient, decay or not', async () => {
    const result = await run({ weights, gradients, mask, hyper });
    const before = weights.flatMap((list) => [...list]);
    const after = result.weights.flatMap((list) => [...list]);
    const moments = result.moments.flatMap((list) => [...list]);
    const still = perParameter.flatMap((bits, i) => ((bits & 1) === 0 ? [i] : []));

    expect(still.length).toBeGreaterThan(0);
    expect(still.filter((i) => after[i] !== before[i] || moments[i] !== 0)).toEqual([]);
  });

  test('gives the same bits every time', async () => {
    expect(await run({ weights, gradients, mask, hyper })).toEqual(await run({ weights, gradients, mask, hyper }));
  });

  test('does not move a weight whose gradient is zero', async () => {
    const result = await run({ weights: [values(64, 1)], gradients: [[new Float32Array(64)]] });
    expect(result.weights[0]).toEqual(values(64, 1));
    expect(result.norms).toEqual([0]);
  });

  test('does not clip when the limit is 0', async () => {
    const large = values(64, 4, 100);
    const result = await run({ weights: [values(64, 1)], gradients: [[large]], hyper: { ...NO_DECAY, clip: 0 } });
    expect(
      relativeError(
        result.moments[0],
        large.map((g) => g * 0.1),
      ),
    ).toBeLessThan(1e-6);
  });

  test.each([0, 1, 9, 692, 693, 999, 20_000, 10_000_000])(
    'after %i updates, corrects the bias exactly',
    async (updates) => {
      const given = [values(64, 2)];
      const result = await run({ weights: [new Float32Array(64)], gradients: [given], state: [updates, 0] });
      const expected = new AdamReference(new Float32Array(64), updates);
      expected.update(given[0], ONES, { ...NO_DECAY, ...OPTIONS });

      expect(relativeError(result.weights[0], expected.weights)).toBeLessThan(1e-6);
      expect(result.state).toEqual([updates + 1, 0]);
    },
  );

  test('takes betas of 0', async () => {
    const given = [values(64, 2), values(64, 5)];
    const options = { ...OPTIONS, beta1: 0, beta2: 0 };
    const result = await run({ weights: [new Float32Array(64)], gradients: given.map((list) => [list]), options });
    const expected = new AdamReference(new Float32Array(64));
    for (const list of given) expected.update(list, ONES, { ...NO_DECAY, ...options });

    expect(relativeError(result.weights[0], expected.weights)).toBeLessThan(1e-6);
  });

  test.each([
    [128, 64, [1, 1], 'weights, gradients, m, v of 128, 64, 128, 128, needs equal lengths'],
    [96, 96, [1], 'weights, gradients, m, v of 96, 96, 96, 96, needs multiples of 64'],
    [128, 128, [1], 'a mask of 1, needs 2, one for each 64 parameters'],
  ])('refuses %i weights with %i gradients and a mask of %j', async (count, gradients, mask, complaint) => {
    const refused = run({ weights: [values(count, 1)], gradients: [[values(gradients, 1)]], mask: [mask] });
    await expect(refused).rejects.toThrow(`update: given ${complaint}`);
  });
});

describe('when something is not finite', () => {
  const weights = [values(64, 1), values(128, 2)];
  const good = [values(64, 3), values(128, 4)];
  const withOne = (value: number): Numbers[] => [good[0], good[1].with(77, value)];

  test.each([NaN, Infinity, -Infinity, 3e30])('a gradient of %f ends all updates from there on', async (value) => {
    const one = await run({ weights, gradients: [good] });
    const result = await run({ weights, gradients: [good, withOne(value), good] });

    expect(result.flags).toEqual([0, 1, 1]);
    expect(result.state).toEqual([1, 1]);
    expect(result.weights).toEqual(one.weights);
    expect(result.moments).toEqual(one.moments);
    expect(Number.isFinite(result.norms[1])).toBe(false);
    expect(result.norms[2]).toBe(one.norms[0]);
  });

  describe.each(REDUCTION_TUNINGS)('of twenty parts of the norm, kernels for %s,', (_name, tuning) => {
    const list = values(20 * 8192, 1);
    const small = values(20 * 8192, 2);
    const last = small.length - 1;
    const after = async (gradients: Numbers, more: Partial<Run> = {}) => {
      const {
        flags,
        state,
        weights: results,
      } = await run({ weights: [list], gradients: [[gradients]], tuning, ...more });
      return { flags, state, moved: results[0].some((weight, i) => weight !== list[i]) };
    };

    test.each<[what: string, gradients: Numbers]>([
      ['one is NaN', small.with(last, NaN)],
      ['one is infinite', small.with(last, Infinity)],
      ['two are finite and their sum is not', small.with(0, 1.5e19).with(last, 1.5e19)],
    ])('%s', async (_what, gradients) => {
      expect(await after(gradients)).toEqual({ flags: [1], state: [0, 1], moved: false });
      const scaled = { scaling: { growth: 1000 }, state: [0, 0, 16, 5] };
      expect(await after(gradients, scaled)).toEqual({ flags: [0], state: [0, 0, 15, 0], moved: false });
    });

    test('two are large and their sum is finite still', async () => {
      const large = small.with(0, 1.2e19).with(last, 1.2e19);
      expect(await after(large)).toEqual({ flags: [0], state: [1, 0], moved: true });
    });
  });

  test.each([NaN, Infinity, -Infinity])('a loss of %f does so too', async (value) => {
    const losses = [
      [1, 2, 3],
      [1, 2, value],
      [1, 2, 3],
    ];
    const one = await run({ weights, gradients: [good] });
    const result = await run({ weights, gradients: [good, good, good], losses });

    expect(result.flags).toEqual([0, 1, 1]);
    expect(result.state).toEqual([1, 1]);
    expect(result.weights).toEqual(one.weights);
  });

  test('entries of the record that are no losses do not matter', async () => {
    const result = await run({ weights, gradients: [good], losses: [[NaN, 2, 3]] });
    expect(result.flags).toEqual([0]);
  });

  test('nothing is updated until the host clears the flag', async () => {
    const stopped = await run({ weights, gradients: [good], state: [3, 1] });
    const cleared = await run({ weights, gradients: [good], state: [3, 0] });

    expect(stopped.weights).toEqual(weights);
    expect(stopped.state).toEqual([3, 1]);
    expect(cleared.weights).not.toEqual(weights);
    expect(cleared.state).toEqual([4, 0]);
  });
});

describe('when the losses are scaled', () => {
  const weights = [values(128, 1)];
  const gradients = [1, 0.3, 2].map((scale, step) => [values(128, step, scale)]);
  const timesTwoTo = (exponent: number) => gradients.map(([list]) => [list.map((g) => g * 2 ** exponent)]);
  const scaling = { growth: 1000 };

  test.each([0, 7, 24])('by 2^%i an update is to the bit that of unscaled gradients, its norm included', async (k) => {
    const plain = await run({ weights, gradients });
    const scaled = await run({ weights, gradients: timesTwoTo(k), scaling, state: [0, 0, k, 0] });
    expect(scaled).toEqual({ ...plain, state: [3, 0, k, 3] });
  });

  test('an update whose norm is not finite is left out, and the factor is halved', async () => {
    const [first, , last] = timesTwoTo(4);
    const between = timesTwoTo(3)[1].map((list) => list.with(5, Infinity));
    const later = last.map((list) => list.map((g) => g / 2));
    const {
      weights: moved,
      moments,
      state,
      norms,
      flags,
    } = await run({
      weights,
      gradients: [first, between, later],
      scaling,
      state: [0, 0, 4, 0],
    });
    const plain = await run({ weights, gradients: [gradients[0], gradients[2]] });
    expect({ moved, moments }).toEqual({ moved: plain.weights, moments: plain.moments });
    expect(state).toEqual([2, 0, 3, 1]);
    expect(flags).toEqual([0, 0, 0]);
    expect(norms.map(Number.isFinite)).toEqual([true, false, true]);
  });

  test('the factor doubles after so many good updates in a row, up to 2^24', async () => {
    const still = [new Float32Array(128)];
    const after = async (count: number, state: number[]) =>
      (await run({ weights, gradients: Array.from({ length: count }, () => still), scaling: { growth: 3 }, state }))
        .state;
    expect(await after(2, [0, 0, 16, 0])).toEqual([2, 0, 16, 2]);
    expect(await after(3, [0, 0, 16, 0])).toEqual([3, 0, 17, 0]);
    expect(await after(7, [0, 0, 23, 0])).toEqual([7, 0, 24, 1]);
  });

  test.each<[what: string, scale: number, gradient: number, losses: number[]]>([
    ['a gradient that is not finite without a factor', 0, Infinity, [1, 2, 3]],
    ['a loss that is not finite', 16, 1, [1, NaN, 3]],
  ])('%s stops the run as ever', async (_, scale, gradient, losses) => {
    const bad = [gradients[0][0].with(0, gradient)];
    const result = await run({ weights, gradients: [bad], losses: [losses], scaling, state: [3, 0, scale, 2] });
    expect(result.state).toEqual([3, 1, scale, 2]);
    expect(result.flags).toEqual([1]);
    expect(result.weights).toEqual(weights);
  });
});

interface GoldenOptimizer {
  cases: { case: string; lr: number; betas: [number, number]; eps: number; clip: number; steps: number }[];
}

const golden = await readGolden<GoldenOptimizer>('ops_optimizer');

/** Filled with zeros to one block. */
function padded(list: Numbers): Numbers {
  const block = new Float32Array(64);
  block.set(list);
  return block;
}

describe('clipping and Adam of the reference', () => {
  test.each(golden.attributes.cases)('$case', async ({ case: name, lr, betas, eps, clip, steps }) => {
    const gradients = Array.from({ length: steps }, (_, step) =>
      [0, 1].map((p) => padded(golden.floats(`${name}/g${p}_step${step}`))),
    );
    const weights = [0, 1].map((p) => padded(golden.floats(`${name}/p${p}`)));
    const hyper = { learningRate: lr, weightDecay: 0, clip };
    const options = { beta1: betas[0], beta2: betas[1], epsilon: eps };
    for (let made = 1; made <= steps; made++) {
      const result = await run({ weights, gradients: gradients.slice(0, made), hyper, options });
      expect(relativeError(result.norms, golden.floats(`${name}/norm`).slice(0, made))).toBeLessThan(1e-6);
      for (const p of [0, 1]) {
        const expected = padded(golden.floats(`${name}/p${p}_after${made - 1}`));
        expect(relativeError(result.weights[p], expected)).toBeLessThan(3e-7);
        // The steps themselves, which are small against the weights.
        const moved = result.weights[p].map((w, i) => w - weights[p][i]);
        expect(
          relativeError(
            moved,
            expected.map((w, i) => w - weights[p][i]),
          ),
        ).toBeLessThan(1e-4);
      }
    }
  });
});
