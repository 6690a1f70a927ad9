import { expect, test } from 'vitest';
import { attentionCase } from '../../src/bench/cases/attention.ts';
import { gradientsCase, productCase } from '../../src/bench/cases/matmul.ts';
import { updateCase } from '../../src/bench/cases/update.ts';
import type { KernelCase } from '../../src/bench/kernel-case.ts';
import { stepWork } from '../../src/bench/step-work.ts';
import { Workbench } from '../../src/bench/workbench.ts';
import { decodeQuery } from '../../src/config/codec/decode.ts';
import { flopsPerStep } from '../../src/config/costs.ts';
import { visiblePairs } from '../../src/ops/attention-span.ts';
import { linear } from '../../src/ops/linear.ts';
import type { Graph } from '../../src/tensor/graph.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';

const LARGEST = 2 ** 30;

const flopsOf = (kernelCase: KernelCase) => kernelCase.record(new Workbench(TUNINGS.software)).flops;

// Attention of the last has more FLOPs than all else.
test.each(['p=micro', 'p=quick', 'p=two', 'p=flat', 'p=quick&ga=2', 'h=1-d16-n4-e32-f2-wf&l=2&n=2048&b=1'])(
  'the FLOPs of a step of %s are those of the estimate, and a few percent for what is no product',
  (query) => {
    const { total } = flopsPerStep(decodeQuery(query).config);
    const { flops } = stepWork(query, TUNINGS.software, LARGEST);

    expect(flops / total).toBeGreaterThan(1);
    expect(flops / total).toBeLessThan(1.12);
  },
);

test('computing activations a second time is no work of a step', () => {
  const [once, twice] = ['p=quick', 'p=quick&rc=1'].map((query) => stepWork(query, TUNINGS.gpu, LARGEST).flops);
  expect(twice).toBe(once);
});

test('kernels have the FLOPs that their ops have in a step', () => {
  const shape = { batch: 2, tokens: 40, heads: 3, dimHead: 8, window: 4, dilation: 2 };
  const product = 2 * 2 * 3 * 8 * visiblePairs(40, shape);

  expect(flopsOf(attentionCase(shape))).toEqual({ forward: 2 * product, backward: 5 * product });
  expect(flopsOf(productCase({ rows: 8, k: 4, n: 12 }))).toEqual({ forward: 768 });
  expect(flopsOf(gradientsCase({ rows: 8, k: 4, n: 12 }))).toEqual({ backward: 2 * 768 });
  expect(flopsOf(updateCase(64))).toEqual({ forward: 16 * 64 });
});

test('gradients that nobody wants cost nothing, and one that two users share is added up', () => {
  const bench = new Workbench(TUNINGS.software);
  const graph: Graph = bench.graph;
  const x = bench.variable('x', [1, 8, 4]);
  const first = linear({ x, weight: bench.input('weight', [4, 4]) });
  const second = linear({ x: first, weight: bench.variable('second', [4, 4]), residual: first });
  bench.backward(second);

  expect(graph.forwardFlops).toBe(2 * 256);
  // dx of the first; dx, dW and the residual's sum of the second.
  expect(graph.backwardFlops).toBe(256 + 2 * 256 + 32);
});
