import { describe, expect, it } from 'vitest';
import { kernel } from '../../src/gpu/kernel.ts';
import { Graph, type RecordedDispatch } from '../../src/tensor/graph.ts';
import { planMemory, type Plan } from '../../src/tensor/plan.ts';
import { temporaryOf, type TemporaryStorage, type Tensor } from '../../src/tensor/tensor.ts';
import { HierarchicalTransformer } from '../../src/model/hierarchical-transformer.ts';
import { ParameterStore } from '../../src/tensor/parameter-store.ts';
import { declareStepMemory } from '../../src/train/passes/step-memory.ts';
import { traceTraining } from '../../src/train/passes/training-trace.ts';
import { recordLayout } from '../../src/model/losses.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { tinyModel } from '../support/tiny-model.ts';

const COPY = kernel(
  'copy',
  `@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read_write> b: array<f32>;
@compute @workgroup_size(1) fn copy() { b[0] = a[0]; }`,
  'copy',
);

/** Where nothing has to lie side by side. */
function planned(graph: Graph, kept: Iterable<Tensor>, maxBufferBytes = 2 ** 30): Plan {
  return planMemory({ dispatches: graph.dispatches, kept, neighbours: new Map() }, maxBufferBytes);
}

/** Everything two temporaries must not do to each other, checked from the dispatches alone. */
function violations(
  dispatches: readonly RecordedDispatch[],
  kept: Iterable<Tensor>,
  plan: Plan,
  neighbours: Graph['neighbours'] = new Map(),
): string[] {
  // What lies side by side is one to the plan.
  const placed = (tensor: Tensor): TemporaryStorage | null => {
    const own = temporaryOf(tensor);
    return (own && neighbours.get(own.id)?.of) ?? own;
  };
  const lives = new Map<number, { first: number; last: number; bytes: number }>();
  const found: string[] = [];
  dispatches.forEach(({ kernel: { entry }, bindings }, time) => {
    const readBuffers = new Set<number>();
    const writtenBuffers = new Set<number>();
    for (const { name, kind } of entry.storage) {
      const storage = placed(bindings[name]);
      if (!storage) continue;
      const { first } = lives.get(storage.id) ?? { first: time };
      lives.set(storage.id, { first, last: time, bytes: storage.bytes });
      (kind === 'read' ? readBuffers : writtenBuffers).add(plan.placements.get(storage.id)!.buffer);
    }
    for (const buffer of readBuffers)
      if (writtenBuffers.has(buffer)) found.push(`dispatch ${time} reads and writes buffer ${buffer}`);
  });
  for (const tensor of kept) {
    const storage = placed(tensor);
    if (storage) lives.get(storage.id)!.last = Infinity;
  }
  const all = [...lives].map(([id, life]) => ({ id, ...life, ...plan.placements.get(id)! }));
  for (const a of all) {
    for (const b of all) {
      if (a.id >= b.id || a.buffer !== b.buffer || a.last < b.first || b.last < a.first) continue;
      if (a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes)
        found.push(`temporaries ${a.id} and ${b.id} overlap`);
    }
  }
  return found;
}

describe('the memory plan', () => {
  it('reuses what is no longer needed: a chain of copies lives in two buffers of one tensor each', () => {
    const graph = new Graph({ training: false });
    const chain = Array.from({ length: 10 }, (_, i) => graph.temporary(`t${i}`, [64]));
    for (let i = 1; i < chain.length; i++) graph.dispatch(COPY, { a: chain[i - 1], b: chain[i] }, {}, [1, 1, 1]);
    const plan = planned(graph, [chain[9]]);
    expect(plan.bufferBytes).toEqual([256, 256]);
    expect(violations(graph.dispatches, [chain[9]], plan)).toEqual([]);
  });

  it('keeps what somebody reads at the end', () => {
    const graph = new Graph({ training: false });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((label) => graph.temporary(label, [64]));
    graph.dispatch(COPY, { a, b }, {}, [1, 1, 1]);
    graph.dispatch(COPY, { a: b, b: c }, {}, [1, 1, 1]);
    graph.dispatch(COPY, { a: c, b: d }, {}, [1, 1, 1]);
    expect(violations(graph.dispatches, [b], planned(graph, [b]))).toEqual([]);
  });

  it('puts a temporary where the buffers grow least by it, and not into the first that may take it', () => {
    const graph = new Graph({ training: false });
    const [eight, six, four, one] = [8, 6, 4, 1].map((blocks) => graph.temporary(`${blocks} blocks`, [64 * blocks]));
    graph.dispatch(COPY, { a: eight, b: six }, {}, [1, 1, 1]);
    graph.dispatch(COPY, { a: one, b: four }, {}, [1, 1, 1]);
    const kept = [eight, four];
    const plan = planned(graph, kept);
    expect(violations(graph.dispatches, kept, plan)).toEqual([]);
    // The eight stay, the six are over when the four begin: those lie in their place, and the one after the eight.
    expect(plan.bufferBytes).toEqual([256 * (8 + 1), 256 * 6]);
  });

  it('places random programs without overlap, and none of them reads and writes one buffer', () => {
    let state = 7;
    const random = (count: number): number => (state = (Math.imul(state, 48271) >>> 0) % 2147483647) % count;
    for (let round = 0; round < 40; round++) {
      const graph = new Graph({ training: false });
      const tensors = [graph.temporary('0', [1 + random(500)])];
      for (let i = 1; i < 30; i++) {
        tensors.push(graph.temporary(`${i}`, [1 + random(500)]));
        const source = tensors[Math.max(0, i - 1 - random(6))];
        graph.dispatch(COPY, { a: source, b: tensors[i] }, {}, [1, 1, 1]);
      }
      const kept = [tensors[random(20)], tensors[29]];
      expect(violations(graph.dispatches, kept, planned(graph, kept))).toEqual([]);
    }
  });

  it.each([false, true])('places a whole training step (recompute: %s) close to its busiest moment', (recompute) => {
    const store = new ParameterStore();
    const config = tinyModel({ depth: 3, contextLength: 64 });
    const model = new HierarchicalTransformer(config, store);
    const memory = declareStepMemory('test', 4, 64, recordLayout(config).size);
    const { accumulate } = traceTraining(model, store, memory, 1, TUNINGS.gpu, { recompute });
    const plan = planMemory(accumulate, 2 ** 30);
    expect(violations(accumulate.dispatches, [], plan, accumulate.neighbours)).toEqual([]);
    const total = plan.bufferBytes.reduce((sum, bytes) => sum + bytes, 0);
    expect(total).toBeLessThan(1.6 * plan.peakBytes);
  });

  it('names the tensor that no buffer can hold', () => {
    const graph = new Graph({ training: false });
    const [a, b] = [graph.temporary('logits of 4x', [1000]), graph.temporary('b', [1])];
    graph.dispatch(COPY, { a, b }, {}, [1, 1, 1]);
    expect(() => planned(graph, [], 1024)).toThrow('"logits of 4x" needs 4096 bytes, one buffer holds at most 1024');
  });
});
