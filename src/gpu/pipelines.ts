import type { ResourceCounts } from './buffer.ts';
import type { Kernel } from './kernel.ts';

export interface Pipeline {
  kernel: Kernel;
  raw: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

/** Compiles each kernel once per device; callers that ask meanwhile share the promise, so all compile in parallel. */
export class PipelineCache {
  private readonly pipelines = new Map<string, Promise<Pipeline>>();
  private readonly modules = new Map<string, GPUShaderModule>();
  private readonly device: GPUDevice;
  private readonly counts: ResourceCounts;

  constructor(device: GPUDevice, counts: ResourceCounts) {
    this.device = device;
    this.counts = counts;
  }

  get(kernel: Kernel): Promise<Pipeline> {
    let pipeline = this.pipelines.get(kernel.key);
    if (!pipeline) {
      pipeline = this.compile(kernel);
      this.pipelines.set(kernel.key, pipeline);
    }
    return pipeline;
  }

  /** Compiles all kernels in parallel and reports each that is ready. */
  async getAll(
    kernels: readonly Kernel[],
    onProgress?: (done: number, total: number) => void,
  ): Promise<Map<string, Pipeline>> {
    const distinct = [...new Map(kernels.map((kernel) => [kernel.key, kernel])).values()];
    let done = 0;
    onProgress?.(0, distinct.length);
    const ready = await Promise.all(
      distinct.map(async (kernel) => {
        const pipeline = await this.get(kernel);
        onProgress?.(++done, distinct.length);
        return pipeline;
      }),
    );
    return new Map(ready.map((pipeline) => [pipeline.kernel.key, pipeline]));
  }

  private async compile(kernel: Kernel): Promise<Pipeline> {
    const { device } = this;
    let module = this.modules.get(kernel.source);
    if (!module) {
      module = device.createShaderModule({ label: kernel.label, code: kernel.source });
      this.modules.set(kernel.source, module);
    }
    const { storage, uniform } = kernel.entry;
    const bindings = uniform ? [...storage, uniform] : storage;
    const layout = device.createBindGroupLayout({
      label: kernel.label,
      entries: bindings.map(({ binding, kind }) => ({
        binding,
        visibility: COMPUTE,
        buffer: { type: BINDING_TYPES[kind] },
      })),
    });
    try {
      const raw = await device.createComputePipelineAsync({
        label: kernel.label,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: kernel.entry.name },
      });
      this.counts.pipelinesCreated++;
      return { kernel, raw, layout };
    } catch (cause) {
      throw new Error(`${kernel.key}: ${await explain(module, kernel.source, cause)}`, { cause });
    }
  }
}

const COMPUTE = 0x4;
const BINDING_TYPES = { uniform: 'uniform', read: 'read-only-storage', read_write: 'storage' } as const;

/** The compiler's messages with the lines they speak of. */
async function explain(module: GPUShaderModule, source: string, cause: unknown): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  const errors = messages.filter((message) => message.type === 'error');
  if (errors.length === 0) return String(cause);
  const lines = source.split('\n');
  return errors.map((e) => `${e.lineNum}:${e.linePos} ${e.message}\n  ${lines[e.lineNum - 1]?.trim()}`).join('\n');
}
