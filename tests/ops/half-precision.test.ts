import { describe, expect, test, vi } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { attention } from '../../src/ops/attention.ts';
import { concat } from '../../src/ops/concat.ts';
import { cosineLoss } from '../../src/ops/cosine-loss.ts';
import { crossEntropy } from '../../src/ops/cross-entropy.ts';
import { depthwiseConv } from '../../src/ops/depthwise-conv.ts';
import { embedding } from '../../src/ops/embedding.ts';
import { linear } from '../../src/ops/linear.ts';
import { norm } from '../../src/ops/norm.ts';
import { rotaryShape, rotaryTable } from '../../src/ops/rotary-table.ts';
import { stridedConv } from '../../src/ops/strided-conv.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { floatsOf, halvesOf } from '../../src/tensor/half.ts';
import { sizeOf, type ActivationType, type Shape, type Tensor } from '../../src/tensor/tensor.ts';
import { TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { relativeError } from '../support/relative-error.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { sources } from '../support/sources.ts';

const device = await Gpu.open(await gpu());
/** Where the adapter has f16 itself, that is tried as well. */
const HALVES: readonly ActivationType[] = device.info.features.includes('shader-f16')
  ? ['f16-rounded', 'f16']
  : ['f16-rounded'];

interface Recorded {
  /** What is stored as activations are, and seeds the backward pass. */
  results: Record<string, Tensor>;
  /** What stays f32, whatever activations are. */
  exact?: Record<string, Tensor>;
  inputs: Record<string, Tensor>;
}
type Case = (session: EagerSession) => Recorded;

/** Numbers that f16 has, so that all types begin with the same. */
function halves(shape: Shape, seed: number): Float32Array<ArrayBuffer> {
  return floatsOf(halvesOf(someNumbers(sizeOf(shape), seed)));
}

function activationOf(session: EagerSession, shape: Shape, seed: number): Tensor {
  return session.activation(shape, halves(shape, seed));
}

function parameterOf(session: EagerSession, shape: Shape, seed: number): Tensor {
  return session.variable(shape, someNumbers(sizeOf(shape), seed));
}

function lossArgs(session: EagerSession) {
  const record = session.constant([1], [0]);
  return { hyper: session.constant([1], [1]), weightIndex: 0, record, recordIndex: 0, recordScale: 1 };
}

/** Odd sizes, so that rows begin in the middle of a word, and even ones, which are read in vectors. */
const CASES: Record<string, Case> = {
  'a product with bias, GELU and a second one with a residual': (session) => {
    const x = activationOf(session, [2, 5, 7], 1);
    const [up, upBias] = [parameterOf(session, [9, 7], 2), parameterOf(session, [9], 3)];
    const down = parameterOf(session, [7, 9], 4);
    const hidden = linear({ x, weight: up, bias: upBias, activation: 'gelu' });
    return { results: { y: linear({ x: hidden, weight: down, residual: x }) }, inputs: { x, up, upBias, down } };
  },
  'a product of whole vectors': (session) => {
    const x = activationOf(session, [1, 36, 20], 1);
    const weight = parameterOf(session, [24, 20], 2);
    return { results: { y: linear({ x, weight }) }, inputs: { x, weight } };
  },
  'a product of every second row': (session) => {
    const x = activationOf(session, [1, 5, 3], 1);
    const weight = parameterOf(session, [4, 3], 2);
    return { results: { y: linear({ x, weight, every: 2 }) }, inputs: { x, weight } };
  },
  'a strided convolution with SiLU': (session) => {
    const x = activationOf(session, [2, 9, 3], 1);
    const [weight, bias] = [parameterOf(session, [5, 4, 3], 2), parameterOf(session, [5], 3)];
    const project = parameterOf(session, [3, 5], 4);
    const hidden = stridedConv({ x, weight, bias, stride: 2, activation: 'silu' });
    return { results: { y: linear({ x: hidden, weight: project }) }, inputs: { x, weight, bias, project } };
  },
  'a convolution of each channel': (session) => {
    const x = activationOf(session, [2, 7, 3], 1);
    const [weight, bias] = [parameterOf(session, [3, 4], 2), parameterOf(session, [3], 3)];
    return { results: { y: depthwiseConv({ x, weight, bias, stride: 2 }) }, inputs: { x, weight, bias } };
  },
  'RMSNorm behind a token shift': (session) => {
    const x = activationOf(session, [2, 5, 9], 1);
    const weight = parameterOf(session, [9], 2);
    return { results: { y: norm({ x, kind: 'rms', weight, shift: 2 }) }, inputs: { x, weight } };
  },
  LayerNorm: (session) => {
    const x = activationOf(session, [1, 3, 40], 1);
    const [weight, bias] = [parameterOf(session, [40], 2), parameterOf(session, [40], 3)];
    return { results: { y: norm({ x, kind: 'layer', weight, bias, shift: 0 }) }, inputs: { x, weight, bias } };
  },
  attention: (session) => {
    const [tokens, heads, dimHead] = [11, 2, 8];
    const qkv = activationOf(session, [2, tokens, 3 * heads * dimHead], 1);
    const table = session.constant(rotaryShape(tokens, dimHead), rotaryTable(tokens, dimHead, { xpos: false }));
    return { results: { y: attention({ qkv, table, heads, dimHead, window: 4, dilation: 2 }) }, inputs: { qkv } };
  },
  'attention with heads of odd pairs': (session) => {
    const [tokens, heads, dimHead] = [7, 1, 6];
    const qkv = activationOf(session, [1, tokens, 3 * heads * dimHead], 1);
    const table = session.constant(rotaryShape(tokens, dimHead), rotaryTable(tokens, dimHead, { xpos: false }));
    return { results: { y: attention({ qkv, table, heads, dimHead, window: null, dilation: 1 }) }, inputs: { qkv } };
  },
  'joined sequences': (session) => {
    const parts = [activationOf(session, [1, 6, 3], 1), activationOf(session, [1, 3, 5], 2)];
    return {
      results: { y: concat({ parts, strides: [1, 2], length: 6 }) },
      inputs: { first: parts[0], last: parts[1] },
    };
  },
  'joined sequences with a norm': (session) => {
    const parts = [activationOf(session, [1, 6, 3], 1), activationOf(session, [1, 3, 5], 2)];
    const weight = parameterOf(session, [8], 3);
    const y = concat({ parts, strides: [1, 2], length: 6, weight });
    return { results: { y }, inputs: { first: parts[0], last: parts[1], weight } };
  },
  'an embedding': (session) => {
    const weight = parameterOf(session, [6, 5], 1);
    const ids = session.constant([2, 4], Uint32Array.from([0, 5, 2, 2, 1, 2, 3, 4]));
    return { results: { y: embedding({ weight, ids, length: 3 }) }, inputs: { weight } };
  },
  'a gradient that is added to one that is there': (session) => {
    const x = activationOf(session, [1, 5, 3], 1);
    const y = linear({
      x,
      weight: parameterOf(session, [3, 3], 2),
      residual: linear({ x, weight: parameterOf(session, [3, 3], 3), residual: x }),
    });
    return { results: { y }, inputs: { x } };
  },
  'a loss of logits that stay f32': (session) => {
    const x = activationOf(session, [1, 5, 6], 1);
    const weight = parameterOf(session, [7, 6], 2);
    const loss = crossEntropy({
      ...lossArgs(session),
      logits: linear({ x, weight, exact: true }),
      ids: session.constant([1, 5], Uint32Array.from([1, 0, 6, 3, 2])),
      classes: 7,
      slots: 1,
      stride: 1,
      offset: 0,
      inputLength: 5,
      ignoreIndex: null,
    });
    return { results: {}, exact: { loss }, inputs: { x, weight } };
  },
  'a loss of embeddings': (session) => {
    const [prediction, target] = [activationOf(session, [2, 4, 5], 1), activationOf(session, [2, 4, 5], 2)];
    const loss = cosineLoss({ ...lossArgs(session), prediction, target, shift: 1 });
    return { results: {}, exact: { loss }, inputs: { prediction, target } };
  },
};

async function run(record: Case, tuning: Tuning, activations: ActivationType) {
  const session = new EagerSession(device, { training: true, tuning, activations });
  const { results, exact, inputs } = record(session);
  let seed = 50;
  for (const y of Object.values(results)) session.graph.seedGradient(y, activationOf(session, y.shape, seed++));
  session.graph.backward();
  const gradients = Object.entries(inputs).map(([name, { gradient }]) => [`d${name}`, gradient!] as const);
  const outputs: Record<string, Tensor> = { ...results, ...exact, ...Object.fromEntries(gradients) };
  const stored = Object.fromEntries(Object.entries(outputs).map(([name, { dtype }]) => [name, dtype]));
  return { values: await session.run(outputs), stored };
}

/** f16 has 11 bits; some sums cancel. */
const TOLERANCE = 2 ** -8;

describe.each(Object.entries(TUNINGS))('kernels for %s with activations of half precision', (_, tuning) => {
  test.each(Object.keys(CASES))('%s is that of f32 but for rounding', async (name) => {
    const expected = await run(CASES[name], tuning, 'f32');
    for (const activations of HALVES) {
      const { values, stored } = await run(CASES[name], tuning, activations);
      for (const [output, numbers] of Object.entries(values)) {
        expect(relativeError(numbers, expected.values[output]), output).toBeLessThan(TOLERANCE);
        if (stored[output] === activations) expect([...floatsOf(halvesOf(numbers))], output).toEqual([...numbers]);
      }
      expect(Object.values(stored)).toContain(activations);
    }
  });
});

test('a kernel that has no variant for it refuses f16, by the name of its binding', async () => {
  const session = new EagerSession(device, { training: true, activations: 'f16-rounded' });
  const logits = activationOf(session, [1, 2, 3], 1);
  const ids = session.constant([1, 2], Uint32Array.from([1, 2]));
  const place = { classes: 3, slots: 1, stride: 1, offset: 0, inputLength: 2, ignoreIndex: null };
  expect(() => crossEntropy({ ...lossArgs(session), ...place, logits, ids })).toThrow(
    'cross-entropy/softmax_rows: given logits of f16-rounded, needs f32',
  );
});

test('every op that a model can train with is among them', () => {
  const apply = vi.spyOn(Graph.prototype, 'apply');
  for (const record of Object.values(CASES)) record(new EagerSession(device, { training: true }));
  const tried = new Set(apply.mock.calls.map(([{ name }]) => name));
  apply.mockRestore();
  const ops = sources.filter(([path, text]) => path.startsWith('ops/') && /^ {2}backward\(/m.test(text));
  const names = ops.flatMap(([, text]) =>
    [...text.matchAll(/defineOp\b[^(]*\(\{\s*name: '(\w+)'/g)].map(([, name]) => name),
  );

  expect(names).toContain('attention');
  expect(names.filter((name) => !tried.has(name))).toEqual([]);
});
