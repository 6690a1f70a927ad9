import { describe, expect, it } from 'vitest';
import { MOST_PART_BYTES as ESTIMATED } from '../../src/config/costs/memory.ts';
import { presets } from '../../src/config/presets.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { columnSum } from '../../src/ops/column-sum.ts';
import { linear } from '../../src/ops/linear.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { MOST_PART_BYTES } from '../../src/tensor/gradient-parts.ts';
import { callsOf, Graph, type RecordedDispatch } from '../../src/tensor/graph.ts';
import { ParameterStore } from '../../src/tensor/parameter-store.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { relativeError } from '../support/relative-error.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { tracePreset } from '../support/trace-preset.ts';

/** Parts that a dispatch leaves after those beside them were added up: nobody would ever add them. */
function leftTooLate(dispatches: readonly RecordedDispatch[]): string[] {
  const addedUp = new Map<unknown, number>();
  const calls = dispatches.flatMap((dispatch, time) => callsOf([dispatch]).map((call) => ({ ...call, time })));
  for (const { kernel, bindings, time } of calls) {
    if (kernel.entry.name === 'sum_parts') addedUp.set(bindings.parts.storage, time);
  }
  return calls.flatMap(({ kernel, bindings, time }) =>
    kernel.entry.storage.flatMap(({ name, kind }) => {
      const { label, storage } = bindings[name];
      const isPart = kind === 'read_write' && storage.kind === 'slice';
      return isPart && !((addedUp.get(storage.of) ?? -1) > time) ? [`${kernel.label} leaves ${label}`] : [];
    }),
  );
}

describe('parts of gradients', () => {
  const cases = presets.flatMap(({ id }) => (['gpu', 'software'] as const).map((kind) => [id, kind] as const));
  it.each(cases)('of %s with the kernels for %s are all added up after they were left', (id, kind) => {
    expect(leftTooLate(tracePreset(id, TUNINGS[kind]).accumulate.dispatches)).toEqual([]);
  });

  it('leave zeros where a gradient does not fill its memory, over which the norm of all gradients goes', async () => {
    const device = await Gpu.open(await gpu());
    const session = new EagerSession(device, { training: true });
    const [rows, channels] = [70, 6];
    const memory = session.constant([64], new Float32Array(64));
    const bias = session.variable([channels], someNumbers(channels, 1));
    const source = session.constant([rows, channels], someNumbers(rows * channels, 2));
    columnSum(session.graph, source, rows, channels, { ...bias, gradient: { ...memory, shape: [channels] } });
    session.graph.backward();
    const found = await session.run({ memory });

    expect(found.memory.subarray(0, channels)).not.toContain(0);
    expect([...found.memory.subarray(channels)]).toEqual(Array(64 - channels).fill(0));
  });

  it('of one gradient are never added up twice by one dispatch, where one sum could get lost', () => {
    const graph = new Graph({ training: true });
    const bias = new ParameterStore().declare({ name: 'bias', shape: [70], init: { kind: 'constant', value: 0 } });
    const source = graph.temporary('source', [90, 70]);
    for (let use = 0; use < 3; use++) columnSum(graph, source, 90, 70, bias);
    graph.backward();
    const goals = graph.tables.map(({ values }) => [...values].filter((_, i) => i % 5 === 3));
    expect(goals.length).toBeGreaterThan(1);
    for (const each of goals) expect(new Set(each).size).toBe(each.length);
  });

  it('of a weight and its bias are added up together where memory for parts is full in between', async () => {
    const device = await Gpu.open(await gpu());
    const session = new EagerSession(device, { training: true, tuning: TUNINGS.gpu });
    // Four parts of 1 MiB each: with another weight's they fill the memory to the byte, but for the bias.
    const [rows, width] = [256, 512];
    const numbers = (length: number, seed: number): Float32Array<ArrayBuffer> => someNumbers(length, seed);
    const [x, dy] = [numbers(rows * width, 1), numbers(rows * width, 2)];
    const side = (seed: number) => session.variable([width, width], numbers(width ** 2, seed));
    const [weight, other] = [side(3), side(4)];
    const bias = session.variable([width], numbers(width, 5));
    const input = session.constant([1, rows, width], x);
    const biased = linear({ x: input, weight, bias });
    const before = linear({ x: input, weight: other });
    for (const y of [before, biased]) session.graph.seedGradient(y, session.constant(y.shape, dy));
    session.graph.backward();
    const found = await session.run({ weight: weight.gradient!, other: other.gradient!, bias: bias.gradient! });

    const expected = new Float64Array(width ** 2);
    const sums = new Float64Array(width);
    for (let row = 0; row < rows; row++) {
      for (let out = 0; out < width; out++) {
        const d = dy[row * width + out];
        sums[out] += d;
        for (let i = 0; i < width; i++) expected[out * width + i] += d * x[row * width + i];
      }
    }
    expect(relativeError(found.weight, expected)).toBeLessThan(1e-5);
    expect(relativeError(found.other, expected)).toBeLessThan(1e-5);
    expect(relativeError(found.bias, sums)).toBeLessThan(1e-5);
  });
});

it('the memory that the form states counts on the same bound of parts', () => {
  expect(ESTIMATED).toBe(MOST_PART_BYTES);
});
