import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { packagedChromium } from './packaged.ts';

export interface ChromiumOptions {
  /** Whether pages get a WebGPU adapter. Without, `navigator.gpu` exists on Linux but its adapter is null. */
  webgpu?: boolean;
  /** More command line switches. */
  args?: string[];
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
];

// The first makes WebGPU available without a blessed GPU; the second is src/launcher/dawn.ts's toggle of the same name.
const WEBGPU = [
  '--enable-unsafe-webgpu',
  '--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension',
];

const NO_BROWSER = `No Chromium could be started on this machine. One of these helps:
  - run \`npm install\` again: on x64 Linux the development package @sparticuz/chromium brings one;
  - install Chromium or Chrome;
  - set CHROME_PATH to the executable of one.`;

function installed(): LaunchOptions[] {
  if (process.env.CHROME_PATH) return [{ executablePath: process.env.CHROME_PATH }];
  if (process.platform !== 'linux') return [{ channel: 'chrome' }, { channel: 'msedge' }];
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
    .filter((path) => existsSync(path))
    .map((executablePath) => ({ executablePath }));
}

async function packaged(): Promise<LaunchOptions[]> {
  const folder = await packagedChromium();
  if (!folder) return [];
  // NSS and expat may be missing from the system; the packaged ones serve as well where they are not.
  const libraries = [process.env.LD_LIBRARY_PATH, join(folder, 'al2023', 'lib')].filter(Boolean).join(':');
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fonts', 'fonts.conf') };
  const env = { ...process.env, LD_LIBRARY_PATH: libraries, ...fonts };
  return [{ executablePath: join(folder, 'chromium'), env }];
}

/**
 * Starts a headless Chromium that computes with WebGPU: `CHROME_PATH`, else one that is installed, else the one of the
 * npm package `@sparticuz/chromium` (unpacked once into the user's cache). Pages must be of a secure origin, such as
 * http://localhost, to see WebGPU. Rejects with what to do when none starts.
 */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const { webgpu = true, args = [] } = options;
  const failures: string[] = [];
  for (const candidates of [async () => installed(), packaged]) {
    for (const candidate of await candidates()) {
      try {
        return await chromium.launch({ ...candidate, args: [...QUIET, ...(webgpu ? WEBGPU : []), ...args] });
      } catch (error) {
        failures.push(`${candidate.executablePath ?? candidate.channel}: ${String(error)}`);
      }
    }
  }
  throw new Error([NO_BROWSER, ...failures].join('\n'));
}
