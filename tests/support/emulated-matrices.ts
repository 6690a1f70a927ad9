import { replaceDeclarations } from '../../src/gpu/replace-declarations.ts';
import { instead } from './one-device.ts';

/** Operands as places in workgroup memory; sums as every invocation would hold them all by itself. */
const ALIASES = { Left: 'u32', Right: 'u32', Fragment: 'array<f32, FRAGMENT>' };
const EMULATION = `
fn load_left(k: u32, row: u32) -> Left {
  return k * PITCH + row;
}
fn load_right(k: u32, column: u32) -> Right {
  return k * PITCH + column;
}
fn multiply_add(left: Left, right: Right, sum: Fragment) -> Fragment {
  var result = sum;
  for (var i = 0u; i < FRAGMENT; i++) {
    for (var k = 0u; k < SIDE; k++) {
      result[i] += f32(left_tile[left + k * PITCH + i / SIDE]) * f32(right_tile[right + k * PITCH + i % SIDE]);
    }
  }
  return result;
}
fn spill(block: u32, fragment: Fragment) {
  for (var i = 0u; i < FRAGMENT; i++) { spilled[block * FRAGMENT + i] = fragment[i]; }
}`;

/** Most invocations of a subgroup: kernels by matrices must be told of no less. */
export function largestSubgroup({ info }: GPUAdapter): number {
  return (info as { subgroupMaxSize?: number }).subgroupMaxSize ?? 4;
}

/** A WebGPU whose devices, lacking subgroup matrices or 16-bit floats for them, compute the same in plain WGSL. */
export function emulatingMatrices(gpu: GPU): GPU {
  return instead(gpu, 'requestAdapter', async (options) => {
    const adapter = (await gpu.requestAdapter(options))!;
    return instead(adapter, 'requestDevice', async (descriptor) => {
      // Where f16 are emulated they take twice the room.
      const requiredLimits = { ...descriptor?.requiredLimits, maxComputeWorkgroupStorageSize: 32_768 };
      const device = await adapter.requestDevice({ ...descriptor, requiredLimits });
      const original = device.createShaderModule.bind(device);
      device.createShaderModule = (module) => original({ ...module, code: emulated(module.code) });
      return device;
    });
  });
}

function emulated(code: string): string {
  if (!code.includes('enable chromium_experimental_subgroup_matrix;')) return code;
  let text = code.replace('enable chromium_experimental_subgroup_matrix;\n', '');
  if (text.includes('alias Component = f16;')) {
    text = text
      .replace('enable f16;\n', '')
      .replace('alias Component = f16;', 'alias Component = f32;')
      .replaceAll('= Component(', '= quantizeToF16(');
  }
  for (const [name, type] of Object.entries(ALIASES)) {
    text = text.replace(new RegExp(`^alias ${name} = .*$`, 'm'), `alias ${name} = ${type};`);
  }
  const names = ['load_left', 'load_right', 'multiply_add', 'spill'];
  return replaceDeclarations('product', text, { file: 'emulation', source: EMULATION, names });
}
