import { vi } from 'vitest';
import type { Gpu } from '../../src/gpu/device.ts';

/** From now on a device compiles something else wherever a shader has one of these texts; where it also has all of `among`. */
export function sabotage({ device }: Gpu, changes: Readonly<Record<string, string>>, ...among: string[]): void {
  const original = device.createShaderModule.bind(device);
  vi.spyOn(device, 'createShaderModule').mockImplementation((descriptor) => {
    let { code } = descriptor;
    const isMeant = among.every((part) => code.includes(part));
    if (isMeant) for (const [text, other] of Object.entries(changes)) code = code.replace(text, other);
    return original({ ...descriptor, code });
  });
}
