import { pollByTimer } from './polling.ts';
import { swiftShaderIcd } from './swiftshader.ts';
import { chosenDrivers, hasSystemDriver, loadVulkanLoader } from './vulkan.ts';

// Without this toggle SwiftShader takes seconds to compile a kernel that uses workgroup memory; the memory is zeroed
// all the same.
const SWIFTSHADER_OPTIONS = ['disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension'];

const NO_ADAPTER = `No WebGPU adapter was found on this machine. One of these helps:
  - run \`npm install\` again: on x64 Linux the development package @sparticuz/chromium brings a software adapter;
  - install Chromium or Chrome, whose SwiftShader is used, or a Vulkan driver (Mesa 25 or newer, or your GPU's);
  - set VK_ICD_FILENAMES to the json manifest of a Vulkan driver.`;

/** One per process and never let go: Dawn crashes when it is collected while one of its devices lives. */
const held = globalThis as typeof globalThis & { strataDawn?: { instances: GPU[]; gpu?: Promise<GPU> } };

// Subgroup matrices, which a run can ask for, are not in any standard yet.
const OPTIONS = ['enable-dawn-features=allow_unsafe_apis'];

let create: (options: string[]) => GPU;

/** Loads Dawn when it is needed, so that a program without it can say how it is used, and what is missing. */
async function load(): Promise<void> {
  try {
    const dawn = await import('webgpu');
    create = dawn.create;
    Object.assign(globalThis, dawn.globals);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`webgpu: ${reason}; needs that package in a node_modules beside this program`, { cause });
  }
}

function createInstance(options: string[]): GPU {
  const gpu = create([...OPTIONS, ...options]);
  (held.strataDawn ??= { instances: [] }).instances.push(gpu);
  return gpu;
}

async function hasAdapter(gpu: GPU, accept: (adapter: GPUAdapter) => boolean): Promise<boolean> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  return adapter !== null && accept(adapter);
}

const any = () => true;
const real = (adapter: GPUAdapter) => !adapter.info.isFallbackAdapter;

async function openChosen(drivers: string): Promise<GPU> {
  const gpu = createInstance(/swiftshader/i.test(drivers) ? SWIFTSHADER_OPTIONS : []);
  if (await hasAdapter(gpu, any)) return gpu;
  throw new Error(`gpu: given the Vulkan driver ${drivers} by the environment, needs one that Dawn accepts`);
}

async function openOnLinux(): Promise<GPU> {
  await loadVulkanLoader();
  const drivers = chosenDrivers();
  if (drivers) return openChosen(drivers);

  const system = hasSystemDriver() ? createInstance([]) : null;
  if (system && (await hasAdapter(system, real))) return system;

  const icd = await swiftShaderIcd();
  if (icd) {
    // Vulkan reads it when the next instance is created, and child processes inherit the choice.
    process.env.VK_ICD_FILENAMES = icd;
    return openChosen(icd);
  }
  if (system && (await hasAdapter(system, any))) return system;
  throw new Error(NO_ADAPTER);
}

async function openElsewhere(): Promise<GPU> {
  const gpu = createInstance([]);
  if (await hasAdapter(gpu, any)) return gpu;
  throw new Error(NO_ADAPTER);
}

/** The WebGPU of a runtime that has one, as Deno has wgpu, which Firefox has, too. */
async function openOwn(gpu: GPU): Promise<GPU> {
  if (await hasAdapter(gpu, any)) return gpu;
  throw new Error('No WebGPU adapter was found: set VK_ICD_FILENAMES to the json manifest of a Vulkan driver.');
}

async function open(): Promise<GPU> {
  const own = (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu;
  if (own) return openOwn(own);
  const gpu = await (process.platform === 'linux' ? openOnLinux() : openElsewhere());
  if (!(await hasAdapter(gpu, real))) pollByTimer();
  return gpu;
}

/**
 * What `navigator.gpu` is in a browser, for Node; the runtime's own where it has that. Else the adapter is, in this order:
 * that of the Vulkan drivers which `VK_DRIVER_FILES`, else `VK_ICD_FILENAMES`, names, a real GPU, SwiftShader of an installed
 * Chromium, SwiftShader of the npm package `@sparticuz/chromium` (unpacked once into the user's cache), any other software
 * adapter. Must be called in the main thread, since a worker thread cannot change the environment that Vulkan reads.
 * WebGPU's constants (`GPUBufferUsage` and the like) become global. Rejects with what to do when there is no adapter.
 */
export function openNodeGpu(): Promise<GPU> {
  const dawn = (held.strataDawn ??= { instances: [] });
  return (dawn.gpu ??= load().then(open));
}
