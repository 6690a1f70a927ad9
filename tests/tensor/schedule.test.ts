import { describe, expect, it } from 'vitest';
import { kernel } from '../../src/gpu/kernel.ts';
import { Graph, type RecordedDispatch } from '../../src/tensor/graph.ts';
import { independentSets } from '../../src/tensor/schedule.ts';
import { temporaryOf, type Tensor } from '../../src/tensor/tensor.ts';
import { someNumbers } from '../support/some-numbers.ts';

const ADD = kernel(
  'add',
  `@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> sum: array<f32>;
@compute @workgroup_size(1) fn add() { sum[0] = a[0] + b[0]; }`,
  'add',
);

function record(calls: readonly (readonly [a: string, b: string, sum: string])[]): RecordedDispatch[] {
  const graph = new Graph({ training: false });
  const tensors = new Map<string, Tensor>();
  const tensor = (name: string): Tensor => {
    if (!tensors.has(name)) tensors.set(name, graph.temporary(name, [1]));
    return tensors.get(name)!;
  };
  for (const [a, b, sum] of calls) {
    graph.dispatch(ADD, { a: tensor(a), b: tensor(b), sum: tensor(sum) }, {}, [1, 1, 1]);
  }
  return graph.dispatches;
}

function namesOf(sets: readonly (readonly RecordedDispatch[])[]): string[] {
  return sets.map((set) => set.map(({ bindings }) => bindings.sum.label).join(' '));
}

const anyKey = () => 'any';

describe('the dispatches of a trace are put in sets', () => {
  it('of equal steps of streams that part at one point, when they are early', () => {
    const calls = record([
      ['x', 'x', 'start'],
      ['start', 'x', 'a1'],
      ['a1', 'x', 'a2'],
      ['a2', 'x', 'a3'],
      ['start', 'x', 'b1'],
      ['b1', 'x', 'b2'],
    ]);
    expect(namesOf(independentSets(calls, 'early', anyKey))).toEqual(['start', 'a1 b1', 'a2 b2', 'a3']);
  });

  it('of equal steps of streams that meet at one point, when they are late', () => {
    const calls = record([
      ['x', 'x', 'a1'],
      ['a1', 'x', 'a2'],
      ['a2', 'x', 'a3'],
      ['x', 'x', 'b1'],
      ['b1', 'x', 'b2'],
      ['a3', 'b2', 'end'],
    ]);
    expect(namesOf(independentSets(calls, 'late', anyKey))).toEqual(['a1', 'a2 b1', 'a3 b2', 'end']);
  });

  it('of one key only, and alone where they have none', () => {
    const calls = record([
      ['x', 'x', 'a'],
      ['x', 'x', 'b'],
      ['x', 'x', 'c'],
      ['x', 'x', 'd'],
      ['x', 'x', 'e'],
    ]);
    const keys = new Map([
      ['a', 'one'],
      ['b', 'other'],
      ['c', 'one'],
    ]);
    const sets = independentSets(calls, 'early', ({ bindings }) => keys.get(bindings.sum.label) ?? null);
    expect(namesOf(sets)).toEqual(['a c', 'b', 'd', 'e']);
  });

  it('whatever writes an array after those that read what was there, and in the order of writing', () => {
    const calls = record([
      ['x', 'x', 'a'],
      ['y', 'y', 'x'],
      ['z', 'z', 'x'],
    ]);
    for (const urgency of ['early', 'late'] as const) {
      expect(independentSets(calls, urgency, anyKey).map(([first]) => first)).toEqual(calls);
    }
  });

  it('together where they write parts of one array that do not overlap, and before whoever reads it', () => {
    const graph = new Graph({ training: false });
    const x = graph.temporary('x', [64]);
    const whole = graph.temporary('whole', [192]);
    const partFrom = (offset: number): Tensor => ({
      ...graph.temporary(`${offset}`, [64]),
      storage: { kind: 'slice', of: temporaryOf(whole)!, offset },
    });
    const write = (sum: Tensor): void => graph.dispatch(ADD, { a: x, b: x, sum }, {}, [1, 1, 1]);
    write(partFrom(0));
    write(partFrom(256));
    write(partFrom(128));
    graph.dispatch(ADD, { a: whole, b: x, sum: graph.temporary('end', [64]) }, {}, [1, 1, 1]);
    expect(namesOf(independentSets(graph.dispatches, 'early', anyKey))).toEqual(['0 256', '128', 'end']);
  });

  it.each(['early', 'late'] as const)('that keep every order that matters in random programs, when %s', (urgency) => {
    const numbers = someNumbers(3 * 40 * 30, 5);
    const name = (i: number): string => String(Math.floor(((numbers[i] + 1) / 2) * 12));
    for (let round = 0; round < 30; round++) {
      const calls = record(
        Array.from({ length: 40 }, (_, i) => {
          const at = 3 * (40 * round + i);
          return [name(at), name(at + 1), name(at + 2)] as const;
        }),
      );
      const sets = independentSets(calls, urgency, anyKey);
      const turn = new Map(sets.flatMap((set, i) => set.map((call) => [call, i] as const)));
      expect(turn.size).toBe(calls.length);
      calls.forEach((later, i) => {
        for (const earlier of calls.slice(0, i)) {
          if (touch(earlier, later)) expect(turn.get(earlier)!).toBeLessThan(turn.get(later)!);
        }
      });
    }
  });
});

/** Whether one of two calls writes what the other reads or writes. */
function touch({ bindings: one }: RecordedDispatch, { bindings: other }: RecordedDispatch): boolean {
  const is = (a: Tensor, b: Tensor): boolean => a.label === b.label;
  return (
    is(one.sum, other.sum) ||
    [other.a, other.b].some((t) => is(one.sum, t)) ||
    [one.a, one.b].some((t) => is(other.sum, t))
  );
}
