import { existsSync, readdirSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { join } from 'node:path';
import { swiftShaderFolder } from './swiftshader.ts';

const LOADER = 'libvulkan.so.1';
const RTLD_NODELETE = 0x1000;

/** Loads a shared library for good. Node complains that it is no addon of its own, after having loaded it. */
function preload(library: string): boolean {
  const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen;
  try {
    process.dlopen({ exports: {} }, library, RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
  } catch (error) {
    return String(error).includes('did not self-register');
  }
  return true;
}

/**
 * Makes sure that Dawn finds a Vulkan loader: the system's, else the one that lies beside SwiftShader. Dawn opens it by
 * name, and a library of that name that is loaded already is what it gets.
 */
export async function loadVulkanLoader(): Promise<boolean> {
  if (preload(LOADER)) return true;
  const folder = await swiftShaderFolder();
  return folder !== null && preload(join(folder, LOADER));
}

/** What the caller has chosen as the only Vulkan drivers, or undefined. */
export function chosenDrivers(): string | undefined {
  return process.env.VK_DRIVER_FILES || process.env.VK_ICD_FILENAMES || undefined;
}

/** Whether any Vulkan driver is installed where the loader looks. Asked first because Dawn complains when none is. */
export function hasSystemDriver(): boolean {
  const { XDG_DATA_HOME, XDG_DATA_DIRS, XDG_CONFIG_DIRS, VK_ADD_DRIVER_FILES } = process.env;
  const bases = [
    XDG_DATA_HOME || join(homedir(), '.local/share'),
    ...(XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':'),
    ...(XDG_CONFIG_DIRS || '/etc/xdg').split(':'),
    '/etc',
  ];
  const folders = bases.map((base) => join(base, 'vulkan', 'icd.d'));
  return Boolean(VK_ADD_DRIVER_FILES) || folders.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
}
