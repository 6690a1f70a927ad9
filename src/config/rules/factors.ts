import { factorField } from '../fields.ts';
import { controlOf, sorted, withHierarchy, withModel } from '../problem.ts';
import type { Fix, Rule } from '../problem.ts';
import type { ModelConfig } from '../types.ts';

/** Below this many positions a hierarchy has next to nothing to attend to. */
const FEWEST_POSITIONS = 4;
/** The context that the fix asks for leaves this many. */
const ENOUGH_POSITIONS = 8;

export function isPowerOfTwo(value: number): boolean {
  return value >= 1 && Number.isInteger(Math.log2(value));
}

/** The largest power of two up to `value`, at least 1. */
export function powerOfTwoUpTo(value: number): number {
  return 2 ** Math.floor(Math.log2(Math.max(1, value)));
}

/** Gives hierarchy `index` the next factor from `wanted` up, else down, that no other hierarchy has. */
function freeFactor(model: ModelConfig, index: number, wanted: number): Fix | undefined {
  const taken = new Set(model.hierarchies.filter((_, at) => at !== index).map(({ factor }) => factor));
  const up = [];
  for (let factor = wanted; factor <= factorField.max; factor *= 2) up.push(factor);
  const down = [];
  for (let factor = wanted / 2; factor >= factorField.min; factor /= 2) down.push(factor);
  const factor = [...up, ...down].find((candidate) => !taken.has(candidate));
  if (factor === undefined) return undefined;
  return {
    label: `Make it ${factor}×`,
    apply: (run) => {
      const changed = withHierarchy(run, index, (old) => ({ ...old, factor }));
      return withModel(changed, { hierarchies: sorted(changed.model.hierarchies) });
    },
  };
}

/** Compression halves again and again. */
export const factorsArePowersOfTwo: Rule = ({ model }) =>
  model.hierarchies.flatMap(({ factor }, index) =>
    isPowerOfTwo(factor)
      ? []
      : [
          {
            control: controlOf(index, 'factor'),
            severity: 'error',
            message: `Factor ${factor} is not a power of two.`,
            fix: freeFactor(model, index, Math.min(factorField.max, powerOfTwoUpTo(factor))),
          },
        ],
  );

/** A factor names its hierarchy. */
export const factorsAreUnique: Rule = ({ model }) =>
  model.hierarchies.flatMap(({ factor }, index) =>
    isPowerOfTwo(factor) && model.hierarchies.findIndex((other) => other.factor === factor) < index
      ? [
          {
            control: controlOf(index, 'factor'),
            severity: 'error',
            message: `Two hierarchies use ${factor}×.`,
            fix: freeFactor(model, index, factor),
          },
        ]
      : [],
  );

/** One order, so that a model has one description. */
export const hierarchiesAreSorted: Rule = ({ model }) =>
  model.hierarchies.every(({ factor }, index) => index === 0 || model.hierarchies[index - 1].factor <= factor)
    ? []
    : [
        {
          control: 'hierarchies',
          severity: 'error',
          message: 'Hierarchies must be listed from the smallest factor to the largest.',
          fix: {
            label: 'Sort them',
            apply: (run) => withModel(run, { hierarchies: sorted(run.model.hierarchies) }),
          },
        },
      ];

/** A hierarchy of a few tokens learns nothing. */
export const factorsLeavePositions: Rule = ({ model }) =>
  model.hierarchies.flatMap(({ factor }, index) => {
    const positions = Math.floor(model.contextLength / factor);
    if (positions >= FEWEST_POSITIONS) return [];
    const contextLength = ENOUGH_POSITIONS * factor;
    return [
      {
        control: controlOf(index, 'factor'),
        severity: 'warning',
        message: `${factor}× leaves ${positions} ${positions === 1 ? 'position' : 'positions'} of ${model.contextLength}.`,
        fix: { label: `Use context ${contextLength}`, apply: (run) => withModel(run, { contextLength }) },
      },
    ];
  });

/** Without a byte stream the finest tokens are the ones that predict. */
export const bytesArePresent: Rule = ({ model }) => {
  const { hierarchies } = model;
  if (hierarchies.length === 0 || hierarchies.some(({ factor }) => factor === 1)) return [];
  const finest = sorted(hierarchies)[0];
  const withBytes = [{ ...finest, factor: 1, stride: 1 }, ...hierarchies];
  return [
    {
      control: 'hierarchies',
      severity: 'warning',
      message: `Predictions come from ${finest.factor}× tokens.`,
      fix: { label: 'Add 1×', apply: (run) => withModel(run, { hierarchies: withBytes }) },
    },
  ];
};
