import type { Gpu } from '../../src/gpu/device.ts';

const ENTRY = /@workgroup_size\(([^)]*)\)(\s*fn \w+\()([^]*?)(\)\s*\{)/g;
const LOCAL = /@builtin\((local_invocation_(?:index|id))\) (\w+)/g;

/** From now on the last invocation of each workgroup does the work of the first one, and so on, but where they are a subgroup's. */
export function reverseInvocations({ device }: Gpu): void {
  const original = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => original({ ...descriptor, code: reversed(descriptor.code) });
}

function reversed(code: string): string {
  if (code.includes('enable subgroups;')) return code;
  return code.replace(ENTRY, (_, size: string, fn: string, parameters: string, brace: string) => {
    const [x, y = '1', z = '1'] = size.split(',').map((part) => part.trim());
    const last = {
      local_invocation_index: `${x} * ${y} * ${z} - 1u`,
      local_invocation_id: `vec3u(${x}, ${y}, ${z}) - 1u`,
    };
    const lines: string[] = [];
    const renamed = parameters.replace(LOCAL, (_all, builtin: keyof typeof last, name: string) => {
      lines.push(`let ${name} = ${last[builtin]} - given_${name};`);
      return `@builtin(${builtin}) given_${name}`;
    });
    return `@workgroup_size(${size})${fn}${renamed}${brace} ${lines.join(' ')}`;
  });
}
