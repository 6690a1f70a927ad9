import { expect, test } from 'vitest';
import { linear } from '../../src/ops/linear.ts';
import { norm } from '../../src/ops/norm.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { ParameterStore } from '../../src/tensor/parameter-store.ts';

test('the gradient behind a fused activation is refused to an op that would take it for that in front', () => {
  const graph = new Graph({ training: true });
  const store = new ParameterStore();
  const parameter = (name: string, shape: number[]) =>
    store.declare({ name, shape, init: { kind: 'constant', value: 1 } });
  const x = graph.temporary('x', [1, 3, 4]);
  const hidden = linear({ x, weight: parameter('weight', [4, 4]), activation: 'silu' });
  const y = norm({ x: hidden, kind: 'rms', weight: parameter('gain', [4]), shift: 0 });
  graph.seedGradient(y, graph.temporary('dy', y.shape));

  expect(() => graph.backward()).toThrow(
    'linear: follows a fused activation, so only a matrix product may use it when training',
  );
});
