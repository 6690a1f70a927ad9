import { hasMerges } from '../has-merges.ts';
import { effectiveWindow } from '../effective-window.ts';
import type { HierarchyConfig, RunConfig } from '../types.ts';
import { flopsPerStep, recomputedFlops } from './flops.ts';
import { activationValues } from './memory.ts';

/** How fast an adapter is at the three things that a step's time goes into. */
export interface AdapterSpeed {
  /** In matrix products. */
  secondsPerFlop: number;
  /** In kernels that do little more than read a row and write one, such as a norm. */
  secondsPerValue: number;
  /** Of a dispatch that has next to nothing to do. */
  secondsPerDispatch: number;
  /** Whether one dispatch does there what each hierarchy would else have one for. */
  sharesDispatches: boolean;
}

/** Dispatches of a forward and backward pass, as the traces of many shapes have them, give or take a tenth. */
const DISPATCHES = { always: 15, compressed: 20, attention: 11, feedForward: 8, merge: 12 };
/** Those of them that run again when activations are recomputed. */
const REPEATED = { attention: 4, feedForward: 2, merge: 2 };
/** Share of dispatches that find no other to become one with, since kernels differ, or since those that would do wait for them. */
const ALONE = 0.5;
/** Of clipping and Adam. */
const UPDATE_DISPATCHES = 3;

// Fitted to measured steps of ten shapes on a software adapter; the worst of them is a third off.
/** Products of a step have longer rows to sum than the one that is measured. */
const FLOP_SHARE = 0.8;
/** Every activation is written once, read a few times, and has a gradient. */
const PASSES_PER_VALUE = 3.5;
/** Computed again, it is written and read once more. */
const PASSES_PER_RECOMPUTED_VALUE = 1.5;

/** About how many dispatches one optimizer step takes, where hierarchies share them or not. */
export function dispatchesPerStep(config: RunConfig, sharesDispatches: boolean): number {
  const { model, training } = config;
  const { hierarchies, depth } = model;
  const { always, compressed, attention, feedForward, merge } = DISPATCHES;
  const again = training.recompute ? REPEATED : { attention: 0, feedForward: 0, merge: 0 };
  const ofAttention = (hierarchy: HierarchyConfig): number =>
    effectiveWindow(model, hierarchy) === 0 ? 0 : attention + again.attention;
  const layer = hierarchies.reduce(
    (sum, hierarchy) => sum + feedForward + again.feedForward + ofAttention(hierarchy),
    hasMerges(model) ? merge + again.merge : 0,
  );
  const ends = always + compressed * hierarchies.filter(({ factor }) => factor > 1).length;
  // Whoever computes activations twice wants little memory, and shares nothing.
  const left = sharesDispatches && !training.recompute ? ALONE + (1 - ALONE) / hierarchies.length : 1;
  return training.accumulation * left * (ends + depth * layer) + UPDATE_DISPATCHES;
}

/** An estimate: the time of one optimizer step of a configuration on an adapter of that speed. */
export function secondsPerStep(config: RunConfig, speed: AdapterSpeed): number {
  const { all, recomputed } = activationValues(config);
  const passes = PASSES_PER_VALUE * all + PASSES_PER_RECOMPUTED_VALUE * recomputed;
  return (
    FLOP_SHARE * (flopsPerStep(config).total + recomputedFlops(config)) * speed.secondsPerFlop +
    config.training.accumulation * passes * speed.secondsPerValue +
    dispatchesPerStep(config, speed.sharesDispatches) * speed.secondsPerDispatch
  );
}
