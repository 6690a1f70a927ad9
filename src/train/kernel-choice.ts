import type { Gpu } from '../gpu/device.ts';
import { adapterKey, rememberTuning, tuningFor } from '../tensor/tuning.ts';
import { checkKernels, type KernelChoice } from './kernel-check.ts';
import { fastestTiles } from './tile-timing.ts';

const choices = new Map<string, Promise<KernelChoice>>();

/**
 * Chooses the kernel variants of this adapter, has `tuningFor` give them, and says what they are. Everything is measured
 * and checked once per adapter in a process; adapters that compute on the CPU get the plain kernels, which need neither.
 */
export function chooseKernels(gpu: Gpu): Promise<KernelChoice> {
  const key = adapterKey(gpu.info);
  let choice = choices.get(key);
  if (!choice) {
    choice = choose(gpu);
    choices.set(key, choice);
    // A device that was lost meanwhile says nothing about its adapter.
    choice.catch(() => choices.delete(key));
  }
  return choice;
}

async function choose(gpu: Gpu): Promise<KernelChoice> {
  const usual = tuningFor(gpu.info);
  if (gpu.info.software) return { tuning: usual, replaced: [] };
  const choice = await checkKernels(gpu, await fastestTiles(gpu, usual));
  rememberTuning(gpu.info, choice.tuning);
  return choice;
}
