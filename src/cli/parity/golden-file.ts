import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gpu } from '../../gpu/device.ts';
import { readSafetensors, type StoredTensor } from '../../protocol/safetensors.ts';
import { checkModelFile, type GoldenModel } from './golden-model.ts';
import { checkOpFile, type GoldenOps } from './op-file.ts';
import type { Check } from './report.ts';

/** Names of the golden files of a folder: all but JSON files that are alone and speak of no tensors. */
export function goldenNames(folder: string): string[] {
  const names = readdirSync(folder).flatMap((file) => /^(.+)\.(?:json|safetensors)$/.exec(file)?.[1] ?? []);
  return [...new Set(names)].filter((name) => hasTensors(folder, name)).sort();
}

function hasTensors(folder: string, name: string): boolean {
  if (existsSync(join(folder, `${name}.safetensors`))) return true;
  try {
    return isGolden(readJson(folder, name));
  } catch {
    // Broken: whoever checks it shall say so.
    return true;
  }
}

/** Holds one file against this engine. Throws an Error that says what is wrong with the file. */
export async function checkGoldenFile(gpu: Gpu, folder: string, name: string): Promise<Check[]> {
  return checkGolden(gpu, name, readJson(folder, name), readTensors(folder, name));
}

/** The same of what was read already. `golden` is the content of the JSON file. */
export async function checkGolden(
  gpu: Gpu,
  name: string,
  golden: unknown,
  tensors: ReadonlyMap<string, StoredTensor>,
): Promise<Check[]> {
  if (isOps(golden)) return checkOpFile(gpu, name, golden, tensors);
  if (isModel(golden)) return checkModelFile(gpu, golden, tensors);
  throw new Error(`${name}.json: has neither "cases" (of ops) nor "kwargs" and "batch" (of a model)`);
}

export function readJson(folder: string, name: string): unknown {
  const file = `${name}.json`;
  const text = readFile(folder, file).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file}: is not JSON (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
  }
}

export function readTensors(folder: string, name: string): Map<string, StoredTensor> {
  const file = `${name}.safetensors`;
  const bytes = readFile(folder, file);
  try {
    return readSafetensors(new Uint8Array(bytes).buffer).tensors;
  } catch (cause) {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function readFile(folder: string, file: string): Buffer {
  try {
    return readFileSync(join(folder, file));
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(missing ? `${file}: is missing` : `${file}: cannot be read (${String(cause)})`, { cause });
  }
}

function isGolden(golden: unknown): boolean {
  return isOps(golden) || isModel(golden);
}

function isOps(golden: unknown): golden is GoldenOps {
  return isRecord(golden) && Array.isArray(golden.cases) && golden.cases.every(isRecord);
}

function isModel(golden: unknown): golden is GoldenModel {
  return isRecord(golden) && isRecord(golden.kwargs) && 'batch' in golden;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
