import { open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, resolve, sep } from 'node:path';
import { shortestQuery } from '../../config/codec/encode.ts';
import type { RunConfig } from '../../config/types.ts';
import { misfit, sayMisfit } from '../../config/weights-fit.ts';
import type { Corpus } from '../../data/corpus.ts';
import {
  readCheckpoint,
  textMismatch,
  writeCheckpoint,
  writeModel,
  type Checkpoint,
} from '../../train/saving/checkpoint.ts';
import { weightsOf, type GivenWeights } from '../../train/saving/first-weights.ts';

/** What is written to a file, by the option that names it. */
const WRITERS = { '--save': writeCheckpoint, '--save-model': writeModel } as const;
export type SaveOption = keyof typeof WRITERS;

/** Reads a saved run. Throws an Error that names the file and what is wrong with it. */
export async function readRun(path: string, option: '--resume' | '--weights' = '--resume'): Promise<Checkpoint> {
  try {
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return readCheckpoint(buffer.slice(byteOffset, byteOffset + byteLength));
  } catch (error) {
    throw new Error(`${option}: ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/**
 * Reads the weights that every configuration is to begin with. Throws an Error that names the file, and where they are of
 * another model, the configuration and what differs.
 */
export async function readWeights(path: string, configs: readonly RunConfig[]): Promise<GivenWeights> {
  const run = await readRun(path, '--weights');
  for (const [at, { model }] of configs.entries()) {
    const found = misfit(run.config.model, model);
    if (found === null) continue;
    const which = at === 0 ? '' : ' of --versus';
    throw new Error(
      `--weights: ${path}: ${sayMisfit(found, which)}; its run was trained with --config "${shortestQuery(run.config)}"`,
    );
  }
  return weightsOf(run, run.name ?? basename(path));
}

/**
 * Throws an Error that names the file and the reason where a run could not be written, so that none is trained in vain, or would
 * take the place of what lies there.
 *
 * @param resumed the file of a run that goes on, which may be written over
 * @param overwrite whether any file may
 */
export async function checkPlace(
  path: string,
  resumed: string | null,
  overwrite: boolean,
  option: SaveOption = '--save',
): Promise<void> {
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
    throw saveError(option, path, error);
  }
}

/** Throws an Error where the model would be written over the run. */
export async function checkApart(model: string, run: string): Promise<void> {
  const lies = async (path: string): Promise<string> => resolve(await targetOf(path).catch(() => path));
  if ((await lies(model)) === (await lies(run)))
    throw saveError('--save-model', model, new Error('it is the file of the run, needs another'));
}

/** Writes a run, or its model alone, beside the file and puts it in its place, so that an earlier one is there until this one is whole. */
export async function writeRun(path: string, checkpoint: Checkpoint, option: SaveOption = '--save'): Promise<void> {
  let unfinished: string | null = null;
  try {
    const target = await targetOf(path);
    unfinished = unfinishedAt(target);
    const file = await open(unfinished, 'w');
    try {
      for (const part of WRITERS[option](checkpoint)) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, target);
  } catch (error) {
    if (unfinished !== null) await rm(unfinished, { force: true }).catch(() => {});
    throw saveError(option, path, error);
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

function saveError(option: SaveOption, path: string, error: unknown): Error {
  return new Error(`${option}: ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}

/** Throws an Error that says which text is needed when a run would go on with another than it began with. */
export async function checkSameText(run: Checkpoint, corpus: Corpus): Promise<void> {
  const mismatch = await textMismatch(run, corpus);
  if (mismatch !== null) throw new Error(`--data: ${mismatch}`);
}
