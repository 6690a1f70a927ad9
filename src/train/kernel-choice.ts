import type { Gpu } from '../gpu/device.ts';
import { adapterKey, rememberTuning, TUNINGS, tuningFor } from '../tensor/tuning.ts';
import { checkKernels, type KernelChoice } from './kernel-check.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { fastestTiles } from './tile-timing.ts';

export interface ChosenKernels extends KernelChoice {
  /** Whether another process made the choice, on an earlier visit, and this one neither measured nor checked. */
  remembered: boolean;
}

const choices = new Map<string, Promise<ChosenKernels>>();

/**
 * Chooses the kernel variants of this adapter, has `tuningFor` give them, and says what they are. Everything is measured
 * and checked once per adapter in a process, or not at all where `memory` has an earlier choice; where the plain kernels
 * are what suits, they need neither.
 */
export function chooseKernels(gpu: Gpu, memory: KernelMemory | null = null): Promise<ChosenKernels> {
  const key = adapterKey(gpu.info);
  let choice = choices.get(key);
  if (!choice) {
    choice = choose(gpu, memory);
    choices.set(key, choice);
    // A device that was lost meanwhile says nothing about its adapter.
    choice.catch(() => choices.delete(key));
  }
  return choice;
}

async function choose(gpu: Gpu, memory: KernelMemory | null): Promise<ChosenKernels> {
  const usual = tuningFor(gpu.info);
  if (usual === TUNINGS.software) return { tuning: usual, replaced: [], remembered: false };
  const known = (await memory?.recall(gpu.info, usual)) ?? null;
  const choice = known ?? (await checkKernels(gpu, await fastestTiles(gpu, usual)));
  rememberTuning(gpu.info, choice.tuning);
  // Nobody waits for it.
  if (memory && !known) void keepUnlessLost(gpu, choice, memory);
  return { ...choice, remembered: known !== null };
}

/** Kernels of a device that was about to be lost may have failed for that reason only. */
async function keepUnlessLost(gpu: Gpu, choice: KernelChoice, memory: KernelMemory): Promise<void> {
  if (!(await gpu.isLost())) await memory.keep(gpu.info, choice);
}
