import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packagedSwiftShader } from './packaged.ts';

const ICD = 'vk_swiftshader_icd.json';

/** Where Linux distributions and vendors put a Chromium, and SwiftShader and a Vulkan loader beside it. */
const CHROMIUM_FOLDERS = [
  '/usr/lib/chromium',
  '/usr/lib64/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  '/opt/microsoft/msedge',
  '/snap/chromium/current/usr/lib/chromium-browser',
];

/** Folder that holds SwiftShader as a Vulkan driver: a system Chromium's, else the npm package's, else null. */
export async function swiftShaderFolder(): Promise<string | null> {
  const installed = CHROMIUM_FOLDERS.find((folder) => existsSync(join(folder, ICD)));
  return installed ?? (await packagedSwiftShader());
}

/** The driver manifest that `VK_ICD_FILENAMES` has to name for SwiftShader to be the only Vulkan driver, or null. */
export async function swiftShaderIcd(): Promise<string | null> {
  const folder = await swiftShaderFolder();
  return folder && join(folder, ICD);
}
