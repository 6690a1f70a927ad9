import type { ModelConfig } from '../../config/types.ts';
import type { Gpu } from '../../gpu/device.ts';
import { kernelTraits } from '../../model/kernel-traits.ts';
import { adapterKey, rememberTuning, TUNINGS, tuningFor } from '../../tensor/tuning.ts';
import { checkKernels, type KernelChoice } from './kernel-check.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { fastestKernels } from './kernel-timing.ts';
import { checkKnownAnswer } from './known-answer.ts';

export interface ChosenKernels extends KernelChoice {
  /** Whether another process made the choice, on an earlier visit, and this one neither measured nor checked. */
  remembered: boolean;
}

const choices = new Map<string, Promise<ChosenKernels>>();

interface Wanted {
  gpu: Gpu;
  /** What the kernels are for. */
  model: Pick<ModelConfig, 'hierarchies'>;
  /** Where choices of earlier visits are. */
  memory?: KernelMemory | null;
}

/**
 * Chooses the kernel variants of this adapter, has `tuningFor` give them, and says what they are. Everything is measured
 * once per adapter in a process, or not at all where `memory` has an earlier choice; what models of other traits need
 * is checked when the first of them comes. Where the plain kernels are what suits, there is neither to do.
 */
export function chooseKernels(wanted: Wanted): Promise<ChosenKernels> {
  const key = adapterKey(wanted.gpu.info);
  const earlier = choices.get(key);
  const choice = choose(wanted, earlier);
  choices.set(key, choice);
  // A device that was lost meanwhile says nothing about its adapter.
  choice.catch(() => {
    if (choices.get(key) === choice) choices.delete(key);
  });
  return choice;
}

async function choose(
  { gpu, model, memory = null }: Wanted,
  earlier: Promise<ChosenKernels> | undefined,
): Promise<ChosenKernels> {
  const before = await earlier?.catch(() => undefined);
  const usual = tuningFor(gpu.info);
  if (usual === TUNINGS.software)
    return { tuning: usual, replaced: [], passedOver: [], wrong: [], checked: [], remembered: false };
  const recalled = before ? null : ((await memory?.recall(gpu.info, usual)) ?? null);
  const known = before ?? recalled;
  const wanted = known ?? { ...(await fastestKernels(gpu, usual)), replaced: [], wrong: [], checked: [] };
  const compared = await checkKernels(gpu, wanted, kernelTraits(model));
  // On a CPU it would take seconds to compile.
  const choice = gpu.info.software ? compared : await checkKnownAnswer(gpu, compared);
  rememberTuning(gpu.info, choice.tuning);
  const isNew = known === null || choice.checked.length > known.checked.length;
  // Nobody waits for it.
  if (memory && isNew) void keepUnlessLost(gpu, choice, memory);
  return { ...choice, remembered: !isNew && (recalled !== null || before!.remembered) };
}

/** Kernels of a device that was about to be lost may have failed for that reason only. */
async function keepUnlessLost(gpu: Gpu, choice: KernelChoice, memory: KernelMemory): Promise<void> {
  if (!(await gpu.isLost())) await memory.keep(gpu.info, choice);
}
