import { open, readFile, rename, rm } from 'node:fs/promises';
import type { Corpus } from '../../data/corpus.ts';
import { readCheckpoint, textMismatch, writeCheckpoint, type Checkpoint } from '../../train/checkpoint.ts';

/** Reads a saved run. Throws an Error that names the file and what is wrong with it. */
export async function readRun(path: string): Promise<Checkpoint> {
  try {
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return readCheckpoint(buffer.slice(byteOffset, byteOffset + byteLength));
  } catch (error) {
    throw new Error(`--resume: ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Writes a run beside the file and puts it in its place, so that an earlier one is there until this one is whole. */
export async function writeRun(path: string, checkpoint: Checkpoint): Promise<void> {
  const unfinished = `${path}.part`;
  try {
    const file = await open(unfinished, 'w');
    try {
      for (const part of writeCheckpoint(checkpoint)) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw new Error(`--save: ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Throws an Error that says which text is needed when a run would go on with another than it began with. */
export async function checkSameText(run: Checkpoint, corpus: Corpus): Promise<void> {
  const mismatch = await textMismatch(run, corpus);
  if (mismatch !== null) throw new Error(`--data: ${mismatch}`);
}
