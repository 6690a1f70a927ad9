import type { Gpu } from '../../src/gpu/device.ts';

export interface Creations {
  buffers: number;
  bindGroups: number;
  pipelines: number;
  shaderModules: number;
  /** Buffers made and not destroyed. */
  liveBuffers: number;
  submits: number;
  writes: number;
  passes: number;
}

/** Counts what is created on a device from now on, at the device itself and not at our own book-keeping. */
export function countCreations(gpu: Gpu): Creations {
  const counts: Creations = {
    buffers: 0,
    bindGroups: 0,
    pipelines: 0,
    shaderModules: 0,
    liveBuffers: 0,
    submits: 0,
    writes: 0,
    passes: 0,
  };
  const { device } = gpu;
  const wrap = (
    name: 'createBindGroup' | 'createComputePipelineAsync' | 'createComputePipeline' | 'createShaderModule',
    count: () => void,
  ): void => {
    const original = device[name].bind(device) as (...args: unknown[]) => unknown;
    Object.defineProperty(device, name, {
      configurable: true,
      value: (...args: unknown[]) => {
        count();
        return original(...args);
      },
    });
  };
  wrap('createBindGroup', () => counts.bindGroups++);
  wrap('createComputePipelineAsync', () => counts.pipelines++);
  wrap('createComputePipeline', () => counts.pipelines++);
  wrap('createShaderModule', () => counts.shaderModules++);
  const createBuffer = device.createBuffer.bind(device);
  Object.defineProperty(device, 'createBuffer', {
    configurable: true,
    value: (descriptor: GPUBufferDescriptor) => {
      counts.buffers++;
      counts.liveBuffers++;
      const buffer = createBuffer(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        counts.liveBuffers--;
        return destroy();
      };
      return buffer;
    },
  });
  const submit = device.queue.submit.bind(device.queue);
  Object.defineProperty(device.queue, 'submit', {
    configurable: true,
    value: (buffers: Iterable<GPUCommandBuffer>) => {
      counts.submits++;
      return submit(buffers);
    },
  });
  const write = device.queue.writeBuffer.bind(device.queue) as (...args: unknown[]) => undefined;
  Object.defineProperty(device.queue, 'writeBuffer', {
    configurable: true,
    value: (...args: unknown[]) => {
      counts.writes++;
      return write(...args);
    },
  });
  const createCommandEncoder = device.createCommandEncoder.bind(device);
  Object.defineProperty(device, 'createCommandEncoder', {
    configurable: true,
    value: (descriptor?: GPUCommandEncoderDescriptor) => {
      const encoder = createCommandEncoder(descriptor);
      const beginComputePass = encoder.beginComputePass.bind(encoder);
      encoder.beginComputePass = (pass?: GPUComputePassDescriptor) => {
        counts.passes++;
        return beginComputePass(pass);
      };
      return encoder;
    },
  });
  return counts;
}
