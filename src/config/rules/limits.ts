import { factorField, hierarchyFields, MAX_HIERARCHIES, runFields } from '../fields.ts';
import { feedForwardWidth } from '../costs/parameters.ts';
import { controlOf, fieldProblem, withHierarchy, withModel, withTraining } from '../problem.ts';
import type { Fix, Rule } from '../problem.ts';
import { presetConfig } from '../presets.ts';

/** Tokens are bytes. */
const BYTE_VALUES = 256;

/** Every setting is of its type and within its hard limits. */
export const settingsAreWithinLimits: Rule = (config) => [
  ...runFields.flatMap((field) => fieldProblem(field, config, field.name, (run, change) => change(run))),
  ...config.model.hierarchies.flatMap((hierarchy, index) =>
    [factorField, ...hierarchyFields].flatMap((field) =>
      fieldProblem(field, hierarchy, `hierarchies[${index}].${field.name}`, (run, change) =>
        withHierarchy(run, index, change),
      ),
    ),
  ),
];

/** There is a hierarchy, and there are not too many. */
export const hierarchiesAreOneToEight: Rule = (config) => {
  const count = config.model.hierarchies.length;
  if (count === 0)
    return [
      {
        control: 'hierarchies',
        severity: 'error',
        message: 'There is no hierarchy; a model needs at least one.',
        fix: {
          label: 'Add 1×',
          apply: (run) => withModel(run, { hierarchies: presetConfig('quick').model.hierarchies.slice(0, 1) }),
        },
      },
    ];
  if (count <= MAX_HIERARCHIES) return [];
  return [
    {
      control: 'hierarchies',
      severity: 'error',
      message: `There are ${count} hierarchies; a model takes at most ${MAX_HIERARCHIES}.`,
      fix: {
        label: `Keep the first ${MAX_HIERARCHIES}`,
        apply: (run) => withModel(run, { hierarchies: run.model.hierarchies.slice(0, MAX_HIERARCHIES) }),
      },
    },
  ];
};

/** A run reads bytes, whatever a model by itself could read. */
export const vocabularyIsBytes: Rule = (config) =>
  config.model.numTokens === BYTE_VALUES
    ? []
    : [
        {
          control: 'numTokens',
          severity: 'error',
          message: `A run reads bytes and needs a vocabulary of ${BYTE_VALUES}, not ${config.model.numTokens}.`,
          fix: { label: `Use ${BYTE_VALUES}`, apply: (run) => withModel(run, { numTokens: BYTE_VALUES }) },
        },
      ];

/** Rotary embeddings turn pairs of channels. */
export const headWidthsAreEven: Rule = (config) =>
  config.model.hierarchies.flatMap(({ dimHead }, index) => {
    if (dimHead % 2 !== 1) return [];
    const even = Math.max(2, dimHead - 1);
    return [
      {
        control: controlOf(index, 'dimHead'),
        severity: 'error',
        message: 'Head width must be even.',
        fix: { label: `Use ${even}`, apply: (run) => withHierarchy(run, index, (old) => ({ ...old, dimHead: even })) },
      },
    ];
  });

/** A fraction of a narrow stream must leave the feed-forward network a channel. */
export const feedForwardsHaveChannels: Rule = (config) =>
  config.model.hierarchies.flatMap((hierarchy, index) => {
    if (feedForwardWidth(hierarchy) !== 0) return [];
    return [
      {
        control: controlOf(index, 'ffMult'),
        severity: 'error',
        message: `${hierarchy.ffMult} times width ${hierarchy.dim} leaves no channel for the feed-forward network.`,
        fix: { label: 'Use 1', apply: (run) => withHierarchy(run, index, (old) => ({ ...old, ffMult: 1 })) },
      },
    ];
  });

/** Activations of 16 bits need an adapter that has them. */
export const halfPrecisionIsThere: Rule = ({ training }, limits) =>
  !training.halfPrecision || !limits || limits.halfPrecision
    ? []
    : [
        {
          control: 'halfPrecision',
          severity: 'error',
          message: 'This adapter has no 16-bit floats (shader-f16).',
          fix: { label: 'Use full precision', apply: (run) => withTraining(run, { halfPrecision: false }) },
        },
      ];

/** Subgroup matrices need an adapter that has them, and most such adapters 16-bit numbers to go into them. */
export const subgroupMatricesAreThere: Rule = ({ training }, limits) => {
  if (!training.subgroupMatrices || !limits) return [];
  const { matrixComponents } = limits;
  if (matrixComponents.includes('f32') || (matrixComponents.length > 0 && training.halfPrecision)) return [];
  const without: Fix = { label: 'Use plain products', apply: (run) => withTraining(run, { subgroupMatrices: false }) };
  const shared = { control: 'subgroupMatrices', severity: 'error' as const };
  if (matrixComponents.length === 0) {
    const message = 'This browser offers no subgroup matrices here (chromium-experimental-subgroup-matrix).';
    return [{ ...shared, message, fix: without }];
  }
  return [
    {
      ...shared,
      message: 'Subgroup matrices hold 16-bit numbers on this adapter, which needs half-precision activations.',
      fix: { label: 'Store 16 bits', apply: (run) => withTraining(run, { halfPrecision: true }) },
      otherFix: without,
    },
  ];
};
