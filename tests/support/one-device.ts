import { oncePerProcess } from './once-per-process.ts';

/** Dawn hands out a pipeline again while it is held. */
const held = oncePerProcess('pipelines', (): GPUComputePipeline[] => []);
/** What is told of errors that no scope caught: whoever has opened the device last. */
const listeners = oncePerProcess('listeners', () => new WeakMap<GPUDevice, EventListener>());

/**
 * A WebGPU whose devices of the same features and limits are one device behind the scenes, until that is destroyed. What was
 * compiled stays compiled, and compiling is most of what tests wait for. Whatever a test replaces on its device, no other
 * sees.
 */
export function oneDevice(gpu: GPU): GPU {
  const opened = new Map<string, Promise<GPUDevice>>();
  return instead(gpu, 'requestAdapter', async (options) => {
    const adapter = await gpu.requestAdapter(options);
    if (!adapter) return null;
    return instead(adapter, 'requestDevice', async (descriptor = {}) => {
      const kind = JSON.stringify([...(descriptor.requiredFeatures ?? []), descriptor.requiredLimits]);
      const device = opened.get(kind) ?? adapter.requestDevice(descriptor);
      opened.set(kind, device);
      return handle(await device, () => opened.delete(kind));
    });
  });
}

function handle(device: GPUDevice, onDestroyed: () => void): GPUDevice {
  const queue = over(device.queue);
  return Object.defineProperties(over(device), {
    queue: { value: queue },
    createComputePipelineAsync: {
      configurable: true,
      writable: true,
      value: async (descriptor: GPUComputePipelineDescriptor) => {
        const pipeline = await device.createComputePipelineAsync(descriptor);
        held.push(pipeline);
        return pipeline;
      },
    },
    addEventListener: {
      value: (type: string, listener: EventListener) => {
        const former = listeners.get(device);
        if (former) device.removeEventListener(type, former);
        listeners.set(device, listener);
        device.addEventListener(type, listener);
      },
    },
    destroy: {
      value: () => {
        onDestroyed();
        device.destroy();
      },
    },
  });
}

/** `target` with another method. */
export function instead<T extends object, K extends keyof T>(target: T, method: K, replacement: T[K]): T {
  return Object.defineProperty(over(target), method, { value: replacement });
}

/** An object on which anything can be replaced without `target` changing. */
function over<T extends object>(target: T): T {
  const replaced = Object.create(target) as T;
  return new Proxy(replaced, {
    get(_, name) {
      if (Object.hasOwn(replaced, name)) return Reflect.get(replaced, name);
      const value: unknown = Reflect.get(target, name, target);
      // Dawn's methods want their own object.
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
