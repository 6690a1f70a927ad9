import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';

/** A link to a model that trains with the fewest kernels, and those soon compiled: a process compiles all of its own. */
export const SMALL = 'p=micro&h=1-d16-n1-e4&n=32&b=1';

/** How a command ended, and what it printed. */
export interface Ended {
  code: number;
  out: string;
  error: string;
}

/** Builds `strata.mjs` into a new folder that has Dawn for this machine beside it, and nothing else of node_modules. */
export async function buildStrata(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'strata-cli-'));
  const options = { configFile: 'vite.cli.config.ts', mode: 'strata', logLevel: 'warn' } as const;
  await build({ ...options, build: { outDir: join(folder, 'bundle') } });
  await cp(join(folder, 'bundle', 'strata.mjs'), join(folder, 'strata.mjs'));
  const binary = join('dist', `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`);
  for (const part of ['package.json', 'index.js', binary]) {
    const to = join(folder, 'node_modules', 'webgpu', part);
    await mkdir(dirname(to), { recursive: true });
    await cp(join('node_modules', 'webgpu', part), to, { recursive: true });
  }
  return folder;
}

/** What a process needs to find the adapter. */
export function environment(): NodeJS.ProcessEnv {
  const driver = process.env.VK_ICD_FILENAMES ?? process.env.VK_DRIVER_FILES;
  // A machine with a GPU has a Vulkan loader; here it lies beside the software adapter.
  const loader = [driver && dirname(driver), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return { ...process.env, LD_LIBRARY_PATH: loader };
}

/** Runs the program of a folder there. */
export async function strataIn(cwd: string, ...args: string[]): Promise<Ended> {
  const env = environment();
  return promisify(execFile)(process.execPath, ['strata.mjs', ...args], { cwd, env }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, error: stderr }),
    (failed: { code: number; stdout: string; stderr: string }) => ({
      code: failed.code,
      out: failed.stdout,
      error: failed.stderr,
    }),
  );
}

/** The lines of `train --json`. */
export function jsonLines(out: string): Record<string, unknown>[] {
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
