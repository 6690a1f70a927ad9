import { beforeAll, describe, expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { kernel } from '../../src/gpu/kernel.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import type { Graph } from '../../src/tensor/graph.ts';
import { planMemory } from '../../src/tensor/plan.ts';
import { slabOf, temporaryOf, type Tensor } from '../../src/tensor/tensor.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { someNumbers } from '../support/some-numbers.ts';

// Everything that a kernel of ours may do: indices within indices, what is added to, members of a struct, barriers.
const SHUFFLE = `struct Params { count: u32, factor: f32 }
struct Group { @builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) count: vec3u }
alias Number = f32;
@group(0) @binding(0) var<storage, read> order: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<Number>;
@group(0) @binding(2) var<storage, read_write> y: array<Number>;
@group(0) @binding(3) var<storage, read_write> pairs: array<vec2f>;
@group(0) @binding(4) var<uniform> params: Params;
var<workgroup> kept: array<f32, 4>;
fn scale() -> f32 { return params.factor; }
fn taken(i: u32) -> f32 { return x[order[i]] * scale(); }
fn place_of(group: Group) -> u32 { return group.id.x + group.count.x * (group.id.y + group.count.y * group.id.z); }
@compute @workgroup_size(2, 2)
fn shuffle(group: Group, @builtin(local_invocation_index) lane: u32, @builtin(global_invocation_id) id: vec3u) {
  let i = place_of(group) * 4u + lane;
  kept[lane] = select(0.0, taken(min(i, params.count - 1u)), i < params.count);
  workgroupBarrier();
  if (i >= params.count) { return; }
  y[i] = kept[3u - lane];
  y[i] += 0.5;
  pairs[i] = vec2f(y[i], f32(id.x + 10u * id.y + 100u * id.z + 1000u * group.id.x));
}`;

const shuffle = kernel('shuffle', SHUFFLE, 'shuffle');

interface Call {
  order: Tensor;
  x: Tensor;
  y: Tensor;
  pairs: Tensor;
}

/** Records a call on so many numbers, in a grid of workgroups that covers them. */
function record({ graph }: EagerSession, call: Call, workgroups: readonly [number, number, number]): void {
  const [count] = call.y.shape;
  graph.dispatch(shuffle, { ...call }, { count, factor: 1 + count / 8 }, workgroups);
}

function callOn(session: EagerSession, count: number, y?: Tensor): Call {
  return {
    order: session.constant(
      [count],
      Uint32Array.from({ length: count }, (_, i) => (i * 7 + 3) % count),
    ),
    x: session.constant([count], [...someNumbers(count, count)]),
    y: y ?? session.graph.temporary(`y ${count}`, [count]),
    pairs: session.graph.temporary(`pairs ${count}`, [count, 2]),
  };
}

/** Whether the plan of a trace has no dispatch that reads and writes one buffer. */
function isParted(graph: Graph): boolean {
  const { placements } = planMemory(graph, 2 ** 30);
  return graph.dispatches.every(({ kernel: { entry }, bindings }) => {
    const buffersOf = (wanted: string): Set<number | undefined> => {
      const tensors = entry.storage.filter(({ kind }) => kind === wanted).map(({ name }) => bindings[name]);
      return new Set(tensors.flatMap((t) => placements.get(temporaryOf(t)?.id ?? -1)?.buffer ?? []));
    };
    const written = buffersOf('read_write');
    return [...buffersOf('read')].every((buffer) => !written.has(buffer));
  });
}

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

/** Runs what `record` records, in shared dispatches and not; the dispatches of the former and the results of both. */
async function both(recordAll: (session: EagerSession) => Record<string, Tensor>) {
  const [apart, shared] = [false, true].map((sharedDispatches) => {
    const session = new EagerSession(device, { tuning: { ...TUNINGS.gpu, sharedDispatches } });
    const outputs = recordAll(session);
    session.graph.share();
    return { session, outputs };
  });
  const { graph } = shared.session;
  expect(isParted(graph)).toBe(true);
  const results = [await apart.session.run(apart.outputs), await shared.session.run(shared.outputs)];
  return {
    members: graph.dispatches.map(({ members }) => members?.length ?? 1),
    apart: results[0],
    shared: results[1],
  };
}

describe('calls of one kernel become one dispatch with the same results', () => {
  it('whatever their sizes and grids', async () => {
    const { members, apart, shared } = await both((session) => {
      const calls = [callOn(session, 11), callOn(session, 30)];
      record(session, calls[0], [3, 1, 1]);
      record(session, calls[1], [2, 2, 2]);
      return { y: calls[0].y, pairs: calls[0].pairs, otherY: calls[1].y, otherPairs: calls[1].pairs };
    });
    expect(members).toEqual([2]);
    expect(shared).toEqual(apart);
  });

  it('also where they write memory that does not lie side by side', async () => {
    const { members, apart, shared } = await both((session) => {
      const calls = [11, 30].map((count) => callOn(session, count, session.constant([count], new Float32Array(count))));
      for (const call of calls) record(session, call, [8, 1, 1]);
      return { y: calls[0].y, otherY: calls[1].y, pairs: calls[0].pairs };
    });
    expect(members).toEqual([2]);
    expect(shared).toEqual(apart);
  });

  it('in a program whose results another dispatch reads and writes', async () => {
    // What the third call reads and writes can lie side by side no more, as the first two would like to have it.
    const { members, apart, shared } = await both((session) => {
      const [first, second] = [callOn(session, 12), callOn(session, 20)];
      record(session, first, [3, 1, 1]);
      record(session, second, [5, 1, 1]);
      const third = { ...callOn(session, 12, second.y), x: first.y };
      record(session, { ...third, pairs: session.graph.temporary('third', [20, 2]) }, [3, 1, 1]);
      return { y: second.y, pairs: first.pairs };
    });
    expect(members).toEqual([2, 1]);
    expect(shared).toEqual(apart);
  });

  it('not more than eight at once', async () => {
    const { members, apart, shared } = await both((session) => {
      const order = session.constant(
        [9],
        Uint32Array.from({ length: 9 }, (_, i) => 8 - i),
      );
      const x = session.constant([9], [...someNumbers(9, 1)]);
      const calls = Array.from({ length: 10 }, () => ({ ...callOn(session, 9), order, x }));
      for (const call of calls) record(session, call, [3, 1, 1]);
      return Object.fromEntries(calls.map(({ pairs }, i) => [`pairs ${i}`, pairs]));
    });
    expect(members).toEqual([8, 2]);
    expect(shared).toEqual(apart);
  });

  it('and as few as bindings allow, where what they read lies far apart', async () => {
    const { members, apart, shared } = await both((session) => {
      const calls = Array.from({ length: 4 }, () => callOn(session, 9));
      for (const call of calls) record(session, call, [3, 1, 1]);
      return Object.fromEntries(calls.map(({ pairs }, i) => [`pairs ${i}`, pairs]));
    });
    // Each of four has two arrays of its own: that is eight, and what is written comes to them.
    expect(members).toEqual([2, 2]);
    expect(shared).toEqual(apart);
  });

  it('but not where one waits for the other', async () => {
    const { members, apart, shared } = await both((session) => {
      const first = callOn(session, 12);
      record(session, first, [3, 1, 1]);
      const second = { ...callOn(session, 12), x: first.y };
      record(session, second, [3, 1, 1]);
      return { y: second.y };
    });
    expect(members).toEqual([1, 1]);
    expect(shared).toEqual(apart);
  });

  it.each([
    ['a part of an element', 'pairs[i] = ', 'pairs[i].x = 0.0; pairs[i] = '],
    [
      'an element in the head of a loop',
      'pairs[i] = ',
      'for (var k = 0u; k < 1u; pairs[i] = vec2f()) { k++; } pairs[i] = ',
    ],
  ])('but not one that writes %s into memory that does not lie side by side', async (_, text, other) => {
    const odd = kernel(`odd ${other}`, SHUFFLE.replace(text, other), 'shuffle');
    const { members, apart, shared } = await both((session) => {
      const written = [11, 30].map((count) => {
        const pairs = session.constant([count, 2], new Float32Array(2 * count));
        session.graph.dispatch(odd, { ...callOn(session, count), pairs }, { count, factor: 1 }, [8, 1, 1]);
        return pairs;
      });
      return { first: written[0], second: written[1] };
    });
    expect(members).toEqual([1, 1]);
    expect(shared).toEqual(apart);
  });

  it('nor where one reads a slab of which another writes', async () => {
    const session = new EagerSession(device, { tuning: TUNINGS.gpu });
    const slab = session.constant([128], [...someNumbers(128, 4)]);
    const partFrom = (first: number): Tensor => ({
      ...slab,
      shape: [16],
      storage: { kind: 'slab', slab: slabOf(slab), offset: 4 * first },
    });
    const [first, second] = [callOn(session, 16), callOn(session, 16, partFrom(64))];
    record(session, { ...first, x: partFrom(0) }, [4, 1, 1]);
    record(session, second, [4, 1, 1]);
    session.graph.share();
    expect(session.graph.dispatches.map(({ members }) => members)).toEqual([undefined, undefined]);
  });

  it.each([
    [
      'whose text has a variable of a binding’s name that it indexes',
      'let i =',
      'let x = kept; kept[0] = x[1]; let i =',
    ],
    ['that hands a binding on as a pointer', 'let i =', 'let p = &x; let i ='],
    ['that hands its parameters on', 'let i =', 'let all = params; let i ='],
    [
      'that has a variable of the parameters’ name',
      'fn scale() -> f32 {',
      'fn scale() -> f32 { let params = Params();',
    ],
    ['that uses a name of those that a shared one has', 'let i =', 'let shared_member = 0u; let i ='],
  ])('nor a kernel %s', (_, text, other) => {
    const odd = kernel(`odd ${text} ${other}`, SHUFFLE.replace(text, other), 'shuffle');
    const session = new EagerSession(device, { tuning: TUNINGS.gpu });
    for (const count of [11, 30]) {
      session.graph.dispatch(odd, { ...callOn(session, count) }, { count, factor: 1 }, [3, 1, 1]);
    }
    session.graph.share();
    expect(session.graph.dispatches.map(({ members }) => members)).toEqual([undefined, undefined]);
  });
});
