import type { DeviceBuffer } from '../gpu/buffer.ts';
import type { Gpu } from '../gpu/device.ts';
import { Program, type BufferRange, type DispatchCall } from '../gpu/program.ts';
import type { Graph } from './graph.ts';
import { planMemory, type Plan } from './plan.ts';
import { bytesOf, temporaryOf, type Slab, type Tensor } from './tensor.ts';

/** A trace that is ready to run, with the memory of its temporaries. */
export interface CompiledGraph {
  program: Program;
  plan: Plan;
  /** What the temporaries share; they hold whatever was there before. */
  buffers: readonly DeviceBuffer[];
  /** Where a kept or persistent tensor's bytes are. */
  locate(tensor: Tensor): BufferRange;
  destroy(): void;
}

/** Gives a slab its memory; what is there already stays. */
export function materialise(gpu: Gpu, slab: Slab): DeviceBuffer {
  slab.buffer ??= gpu.createStorage(slab.label, slab.bytes);
  return slab.buffer;
}

/** Gives a slab's memory back. */
export function release(slab: Slab): void {
  slab.buffer?.destroy();
  slab.buffer = null;
}

/** Plans memory, compiles pipelines in parallel and binds everything. Throws OutOfMemoryError, and then has left nothing. */
export async function compile(
  gpu: Gpu,
  label: string,
  graph: Graph,
  onProgress?: (done: number, total: number) => void,
): Promise<CompiledGraph> {
  const { maxBufferSize, maxStorageBufferBindingSize } = gpu.limits;
  const plan = planMemory(graph, maxBufferSize);
  return gpu.guarded(label, async (own) => {
    own({ destroy: () => releaseTables(graph) });
    // Of its own, so that a lack of memory is known before kernels are compiled.
    const buffers = await gpu.guarded(label, () =>
      plan.bufferBytes.map((bytes, index) => own(gpu.createStorage(`${label} temporaries ${index}`, bytes))),
    );
    const locate = (tensor: Tensor): BufferRange => {
      const { storage } = tensor;
      const bytes = bytesOf(tensor.shape, tensor.dtype);
      if (bytes > maxStorageBufferBindingSize) {
        throw new Error(
          `${tensor.label}: needs a binding of ${bytes} bytes, the adapter allows ${maxStorageBufferBindingSize}`,
        );
      }
      if (storage.kind === 'slab') return { buffer: materialise(gpu, storage.slab), offset: storage.offset, bytes };
      const placement = plan.placements.get(temporaryOf(tensor)!.id);
      if (!placement) throw new Error(`${tensor.label}: no kernel of "${label}" writes it`);
      const inside = storage.kind === 'slice' ? storage.offset : 0;
      return { buffer: buffers[placement.buffer], offset: placement.offset + inside, bytes };
    };
    for (const { slab, values } of graph.tables) gpu.write(materialise(gpu, slab), 0, values);
    const calls = graph.dispatches.map(({ kernel, bindings, params, workgroups }): DispatchCall => ({
      kernel,
      params,
      workgroups,
      bindings: Object.fromEntries(Object.entries(bindings).map(([name, tensor]) => [name, locate(tensor)])),
    }));
    const program = own(await Program.create(gpu, label, calls, onProgress));
    const destroy = (): void => {
      program.destroy();
      for (const buffer of buffers) buffer.destroy();
      releaseTables(graph);
    };
    return { program, plan, buffers, locate, destroy };
  });
}

function releaseTables({ tables }: Graph): void {
  for (const { slab } of tables) release(slab);
}
