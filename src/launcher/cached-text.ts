import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolders } from './cache.ts';

/**
 * The file `name` in this user's cache, as a text that can be read and replaced. A process that is killed, or two that
 * write at once, leave a whole text: it is written beside the file and renamed.
 */
export function cachedText(name: string) {
  return {
    /** Null when there is no such file, or none that can be read. */
    async read(): Promise<string | null> {
      for (const folder of cacheFolders()) {
        try {
          return await readFile(join(folder, name), 'utf8');
        } catch {
          // It may be in the next folder.
        }
      }
      return null;
    },

    /** Rejects when no folder can be written. */
    async write(text: string): Promise<void> {
      let failure: unknown;
      for (const folder of cacheFolders()) {
        const unfinished = join(folder, `.${name}-${randomUUID()}`);
        try {
          await mkdir(folder, { recursive: true, mode: 0o700 });
          await writeFile(unfinished, text, { flag: 'wx', mode: 0o600 });
          await rename(unfinished, join(folder, name));
          return;
        } catch (error) {
          failure = error;
          await rm(unfinished, { force: true }).catch(() => {});
        }
      }
      throw new Error(`cache: ${name} could not be written`, { cause: failure });
    },
  };
}
