import type { Gpu } from '../../gpu/device.ts';
import { recordLayout } from '../../model/losses.ts';
import type { KernelChoice } from './kernel-check.ts';
import { KNOWN_MODEL, partOf, runKnownStep, type KnownStep } from './known-step.ts';
import { failureOf } from './probe-run.ts';

/** Names the check among others that were made. */
const WHAT = 'A training step with known results';

/** Rounding is a thousandth of it, whichever kernels compute. */
const TOLERANCE = 1e-3;

/**
 * What the known step gives, by the plain kernels; a test computes them in float64. Gradients are their norms before clipping,
 * by what the names of parameters begin with.
 */
export const KNOWN_ANSWERS: Readonly<Record<string, number>> = {
  'loss of the next byte': 5.995595,
  'loss of the reconstruction': 6.079182,
  'loss of the next embedding': 1.0398587,
  'norm of all gradients': 1.7133574,
  'gradient of token_emb': 0.1803099,
  'gradient of to_hierarchical_preds': 0.05638291,
  'gradient of compressors': 1.1989063,
  'gradient of post_token_emb_norms': 0.2235972,
  'gradient of layers': 0.7980664,
  'gradient of hierarchical_merges': 0.5648969,
  'gradient of norms': 0.3256411,
  'gradient of to_logits': 0.5920052,
  'step against the gradient': 1.709069,
};

/**
 * Has an adapter make a training step whose results are known by the kernels that were chosen for it, unless that was done before:
 * `wrong` says what comes out otherwise. What those and the plain kernels have in common is compared with nothing else. Throws when
 * the device is lost.
 */
export async function checkKnownAnswer(gpu: Gpu, choice: KernelChoice): Promise<KernelChoice> {
  if (choice.checked.includes(WHAT)) return choice;
  const checked = [...choice.checked, WHAT];
  try {
    return { ...choice, checked, wrong: faultsOf(await runKnownStep(gpu, choice.tuning)) };
  } catch (error) {
    const passedOver = [...choice.passedOver, `${WHAT} does not run: ${await failureOf(gpu, error)}`];
    return { ...choice, checked, passedOver };
  }
}

function faultsOf(step: KnownStep): string[] {
  const found = answersOf(step);
  const off = Object.entries(KNOWN_ANSWERS).flatMap(([what, expected]) => {
    // Not the other way round: what is no number is wrong.
    return Math.abs(found[what] - expected) <= TOLERANCE * expected
      ? []
      : `${what} ${found[what].toPrecision(4)} instead of ${expected.toPrecision(4)}`;
  });
  const [, before, after] = step.weights;
  const isKept = before.every((weight, i) => weight === after[i]);
  return [
    ...(off.length > 0 ? [`${WHAT} comes out otherwise: ${off.join(', ')}.`] : []),
    ...(isKept ? [] : ['A gradient that is not finite changes the weights.']),
  ];
}

/** The figures of a step that `KNOWN_ANSWERS` has. */
export function answersOf({ store, record, gradients, weights: [before, after] }: KnownStep): Record<string, number> {
  const layout = recordLayout(KNOWN_MODEL);
  const squares: Record<string, number> = {};
  for (const parameter of store.parameters) {
    const what = `gradient of ${parameter.name.split('.')[0]}`;
    for (const value of partOf(gradients, parameter)) squares[what] = (squares[what] ?? 0) + value * value;
  }
  const norms = Object.entries(squares).map(([what, sum]) => [what, Math.sqrt(sum)] as const);
  return {
    'loss of the next byte': record[layout.ce],
    'loss of the reconstruction': record[layout.recon[1]!],
    'loss of the next embedding': record[layout.ar[1]!],
    'norm of all gradients': record[layout.gradNorm],
    ...Object.fromEntries(norms),
    // Adam's first step is no longer for a steeper slope. Where that is all but none, its sign is a matter of rounding.
    'step against the gradient': gradients.reduce((sum, slope, i) => sum + slope * (before[i] - after[i]), 0),
  };
}
