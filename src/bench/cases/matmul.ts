import { linear } from '../../ops/linear.ts';
import { spread, type CaseLists, type KernelCase } from '../kernel-case.ts';

export const lists: CaseLists = {
  full: () => [
    ...[256, 512, 1024, 2048, 4096].flatMap((n) =>
      [productCase, inputGradientCase, weightGradientCase].map((of) => of({ rows: n, k: n, n })),
    ),
    // Tall and skinny: many rows, few channels.
    ...[64, 128, 512].map((n) => weightGradientCase({ rows: 16_384, k: n, n })),
    ...[4096, 16_384].map((rows) => biasGradientCase(rows, 256)),
  ],
  quick: () => {
    const shape = { rows: 256, k: 64, n: 96 };
    return [
      productCase(shape),
      inputGradientCase(shape),
      weightGradientCase(shape),
      fusedProductCase(shape),
      biasGradientCase(512, 64),
    ];
  },
};

type Numbers = ArrayLike<number>;

export interface ProductShape {
  rows: number;
  /** Channels in. */
  k: number;
  /** Channels out. */
  n: number;
}

const SAMPLES = 24;

/** Edge of the smallest tile that a workgroup computes, and the most squares along a side that are looked at. */
const SQUARE = 32;
const MOST_SQUARES = 64;

/** Where a result (rows, columns) is looked at: once in each square, every time at another place of it, and at both ends. */
export function places(rows: number, columns: number): [row: number, column: number][] {
  const edge = SQUARE * Math.ceil(Math.max(rows, columns) / SQUARE / MOST_SQUARES);
  const found: [number, number][] = [
    [0, 0],
    [rows - 1, columns - 1],
  ];
  for (let top = 0; top < rows; top += edge) {
    for (let left = 0; left < columns; left += edge) {
      const [height, width] = [Math.min(edge, rows - top), Math.min(edge, columns - left)];
      const turn = found.length;
      found.push([top + ((7 * turn) % height), left + ((5 * turn + Math.floor(turn / SQUARE)) % width)]);
    }
  }
  return found;
}

function sum(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

/** y = x W^T, [rows, k] x [n, k]. */
export function productCase({ rows, k, n }: ProductShape): KernelCase {
  return {
    family: 'matmul',
    shape: `${rows} x ${k} x ${n}, y`,
    record(bench) {
      const [x, weight] = [bench.activation('x', [1, rows, k]), bench.input('weight', [n, k])];
      const y = linear({ x, weight });
      const expected = () => {
        const [a, w]: Numbers[] = [bench.values(x), bench.values(weight)];
        const at = ([r, c]: [number, number]) => [r * n + c, sum(k, (i) => a[r * k + i] * w[c * k + i])] as const;
        return [{ output: y, samples: places(rows, n).map(at) }];
      };
      return { flops: { forward: bench.graph.forwardFlops }, expected };
    },
  };
}

/** dx = dy W. */
export function inputGradientCase({ rows, k, n }: ProductShape): KernelCase {
  return {
    family: 'matmul',
    shape: `${rows} x ${k} x ${n}, dx`,
    record(bench) {
      const [x, weight] = [bench.activationVariable('x', [1, rows, k]), bench.input('weight', [n, k])];
      const dy = bench.backward(linear({ x, weight }));
      const expected = () => {
        const [g, w]: Numbers[] = [bench.values(dy), bench.values(weight)];
        const at = ([r, c]: [number, number]) => [r * k + c, sum(n, (i) => g[r * n + i] * w[i * k + c])] as const;
        return [{ output: x.gradient!, samples: places(rows, k).map(at) }];
      };
      return { flops: { backward: bench.graph.backwardFlops }, expected };
    },
  };
}

/** dW = dy^T x: reduces over all rows into a small matrix. */
export function weightGradientCase({ rows, k, n }: ProductShape): KernelCase {
  return {
    family: 'matmul',
    shape: `${rows} x ${k} x ${n}, dW`,
    record(bench) {
      const [x, weight] = [bench.activation('x', [1, rows, k]), bench.variable('weight', [n, k])];
      const dy = bench.backward(linear({ x, weight }));
      const expected = () => {
        const [g, a]: Numbers[] = [bench.values(dy), bench.values(x)];
        const at = ([r, c]: [number, number]) => [r * k + c, sum(rows, (i) => g[i * n + r] * a[i * k + c])] as const;
        return [{ output: weight.gradient!, samples: places(n, k).map(at) }];
      };
      return { flops: { backward: bench.graph.backwardFlops }, expected };
    },
  };
}

/** dx = dy W and dW = dy^T x: by one dispatch or two. */
export function gradientsCase({ rows, k, n }: ProductShape): KernelCase {
  return {
    family: 'matmul',
    shape: `${rows} x ${k} x ${n}, dx and dW`,
    record(bench) {
      const [x, weight] = [bench.activationVariable('x', [1, rows, k]), bench.variable('weight', [n, k])];
      const dy = bench.backward(linear({ x, weight }));
      const expected = () => {
        const [g, a, w]: Numbers[] = [bench.values(dy), bench.values(x), bench.values(weight)];
        const inputAt = ([r, c]: [number, number]) => [r * k + c, sum(n, (i) => g[r * n + i] * w[i * k + c])] as const;
        const weightAt = ([r, c]: [number, number]) =>
          [r * k + c, sum(rows, (i) => g[i * n + r] * a[i * k + c])] as const;
        return [
          { output: x.gradient!, samples: places(rows, k).map(inputAt) },
          { output: weight.gradient!, samples: places(n, k).map(weightAt) },
        ];
      };
      return { flops: { backward: bench.graph.backwardFlops }, expected };
    },
  };
}

/** y = SiLU(x W^T + bias) with the pre-activation kept, as a training step needs it: what is fused around a product. */
export function fusedProductCase({ rows, k, n }: ProductShape): KernelCase {
  return {
    family: 'matmul',
    shape: `${rows} x ${k} x ${n}, SiLU`,
    record(bench) {
      const [x, weight] = [bench.activation('x', [1, rows, k]), bench.input('weight', [n, k])];
      const bias = bench.input('bias', [n]);
      const y = linear({ x, weight, bias, activation: 'silu' });
      const expected = () => {
        const [a, w, b]: Numbers[] = [bench.values(x), bench.values(weight), bench.values(bias)];
        const at = ([r, c]: [number, number]) => {
          const before = b[c] + sum(k, (i) => a[r * k + i] * w[c * k + i]);
          return [r * n + c, before / (1 + Math.exp(-before))] as const;
        };
        return [{ output: y, samples: places(rows, n).map(at) }];
      };
      return { flops: { forward: bench.graph.forwardFlops }, expected };
    },
  };
}

/** A bias's gradient: the sum over the rows of dy. */
export function biasGradientCase(rows: number, n: number): KernelCase {
  return {
    family: 'column sum',
    shape: `${rows} x ${n}`,
    record(bench) {
      const [x, weight] = [bench.activation('x', [1, rows, 4]), bench.input('weight', [n, 4])];
      const bias = bench.variable('bias', [n]);
      const dy = bench.backward(linear({ x, weight, bias }));
      const expected = () => {
        const g: Numbers = bench.values(dy);
        const samples = spread(n, SAMPLES).map((c) => [c, sum(rows, (i) => g[i * n + c])] as const);
        return [{ output: bias.gradient!, samples }];
      };
      return { flops: { backward: bench.graph.backwardFlops }, expected };
    },
  };
}
