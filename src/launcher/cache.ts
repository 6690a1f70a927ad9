import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

function userCacheFolder(): string {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === 'win32' && process.env.LOCALAPPDATA) return process.env.LOCALAPPDATA;
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
}

/** Folders to try in turn: a home that cannot be written (a container, a read-only mount) must not stop a test run. */
export function cacheFolders(): string[] {
  const owner = process.getuid?.();
  const shared = join(tmpdir(), `strata-${owner ?? 'cache'}`);
  // Programs are run from here, so a folder that someone else has put there is not taken.
  const foreign = existsSync(shared) && owner !== undefined && statSync(shared).uid !== owner;
  return [join(userCacheFolder(), 'strata'), ...(foreign ? [] : [shared])];
}

/**
 * The folder `name` in this user's cache, filled by `fill` when it is not there yet. Filling happens in a folder beside
 * it that is renamed at the end, so that a process which is killed, or two that start at once, never leave half of it.
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folders = cacheFolders();
  const present = folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
  if (present) return present;

  let failure: unknown;
  for (const parent of folders) {
    let unfinished: string;
    try {
      await mkdir(parent, { recursive: true, mode: 0o700 });
      unfinished = await mkdtemp(join(parent, `.${name}-`));
    } catch (error) {
      failure = error;
      continue;
    }
    const folder = join(parent, name);
    try {
      await fill(unfinished);
      await rename(unfinished, folder);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
    return folder;
  }
  throw new Error(`cache: given ${folders.join(' and ')}, needs one of them writable`, { cause: failure });
}
