import { open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, sep } from 'node:path';
import type { Corpus } from '../../data/corpus.ts';
import { readCheckpoint, textMismatch, writeCheckpoint, type Checkpoint } from '../../train/saving/checkpoint.ts';

/** Reads a saved run. Throws an Error that names the file and what is wrong with it. */
export async function readRun(path: string): Promise<Checkpoint> {
  try {
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return readCheckpoint(buffer.slice(byteOffset, byteOffset + byteLength));
  } catch (error) {
    throw new Error(`--resume: ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/**
 * Throws an Error that names the file and the reason where a run could not be written, so that none is trained in vain, or would
 * take the place of what lies there.
 *
 * @param resumed the file of a run that goes on, which may be written over
 * @param overwrite whether any file may
 */
export async function checkPlace(path: string, resumed: string | null, overwrite: boolean): Promise<void> {
  try {
    const there = await stat(path).catch(() => null);
    if (there?.isDirectory()) throw new Error('it is a folder');
    const isFree =
      there === null || overwrite || (resumed !== null && (await realpath(path)) === (await realpath(resumed)));
    if (!isFree) throw new Error('it is there already, needs another name, or --overwrite to replace it');
    const unfinished = unfinishedAt(await targetOf(path));
    await (await open(unfinished, 'w')).close();
    await rm(unfinished);
  } catch (error) {
    throw saveError(path, error);
  }
}

/** Writes a run beside the file and puts it in its place, so that an earlier one is there until this one is whole. */
export async function writeRun(path: string, checkpoint: Checkpoint): Promise<void> {
  let unfinished: string | null = null;
  try {
    const target = await targetOf(path);
    unfinished = unfinishedAt(target);
    const file = await open(unfinished, 'w');
    try {
      for (const part of writeCheckpoint(checkpoint)) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, target);
  } catch (error) {
    if (unfinished !== null) await rm(unfinished, { force: true }).catch(() => {});
    throw saveError(path, error);
  }
}

/** Where a symbolic link leads, also to a file that is not there yet, so that the link stays one; else the path itself. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const link = await readlink(path).catch(() => null);
    if (link === null) return path;
    // Not resolved as text: `..` behind a linked folder is the parent of the folder that it leads to.
    return targetOf(isAbsolute(link) ? link : `${await realpath(dirname(path))}${sep}${link}`);
  }
}

function unfinishedAt(path: string): string {
  return `${path}.part`;
}

function saveError(path: string, error: unknown): Error {
  return new Error(`--save: ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}

/** Throws an Error that says which text is needed when a run would go on with another than it began with. */
export async function checkSameText(run: Checkpoint, corpus: Corpus): Promise<void> {
  const mismatch = await textMismatch(run, corpus);
  if (mismatch !== null) throw new Error(`--data: ${mismatch}`);
}
