import { effectiveWindow } from '../effective-window.ts';
import { predictingIndex } from '../predicting-hierarchy.ts';
import { controlOf, withHierarchy, withModel } from '../problem.ts';
import type { Fix, Rule } from '../problem.ts';
import { isPowerOfTwo, powerOfTwoUpTo } from './factors.ts';

function strideFix(index: number, stride: number): Fix {
  return { label: `Use ${stride}`, apply: (run) => withHierarchy(run, index, (old) => ({ ...old, stride })) };
}

/** The hierarchy that predicts bytes needs a token for each of them. */
export const predictingStrideIsOne: Rule = ({ model }) => {
  const index = predictingIndex(model);
  if (index < 0 || model.hierarchies[index].stride === 1) return [];
  const { factor } = model.hierarchies[index];
  return [
    {
      control: controlOf(index, 'stride'),
      severity: 'error',
      message: `The ${factor}× hierarchy predicts, so it must keep stride 1.`,
      fix: { ...strideFix(index, 1), label: 'Set 1' },
    },
  ];
};

/** Only then do factor and stride divide into whole dilations. */
export const stridesArePowersOfTwo: Rule = ({ model }) =>
  model.hierarchies.flatMap(({ stride, factor }, index) =>
    isPowerOfTwo(stride)
      ? []
      : [
          {
            control: controlOf(index, 'stride'),
            severity: 'error',
            message: `Stride ${stride} is not a power of two.`,
            fix: strideFix(index, powerOfTwoUpTo(Math.min(stride, factor))),
          },
        ],
  );

/** A wider step would leave bytes that no token has read. */
export const stridesAreWithinFactors: Rule = ({ model }) =>
  model.hierarchies.flatMap(({ stride, factor }, index) =>
    stride <= factor
      ? []
      : [
          {
            control: controlOf(index, 'stride'),
            severity: 'error',
            message: `Stride ${stride} is larger than factor ${factor}.`,
            fix: strideFix(index, powerOfTwoUpTo(factor)),
          },
        ],
  );

/** Strides save time and cost freshness. */
export const stridesMakeTokensOld: Rule = ({ model }) =>
  model.hierarchies.flatMap(({ stride, factor }, index) =>
    stride > 1 && stride <= factor
      ? [
          {
            control: controlOf(index, 'stride'),
            severity: 'notice',
            message:
              `Bytes see tokens up to s-1 = ${stride - 1} bytes old. ` +
              'The author found larger strides uncompetitive.',
          },
        ]
      : [],
  );

/** The chosen predictor exists. */
export const predictorExists: Rule = ({ model }) => {
  const { predictFactor, hierarchies } = model;
  if (predictFactor === null || hierarchies.some(({ factor }) => factor === predictFactor)) return [];
  return [
    {
      control: 'predictFactor',
      severity: 'error',
      message: `No hierarchy has factor ${predictFactor}, which should predict.`,
      fix: { label: 'Use the smallest', apply: (run) => withModel(run, { predictFactor: null }) },
    },
  ];
};

/** A window that is not narrower than the stream is no window, which changes more than the mask. */
export const windowsAreNarrow: Rule = ({ model }) =>
  model.hierarchies.flatMap((hierarchy, index) => {
    const { window, factor } = hierarchy;
    if (window === null || effectiveWindow(model, hierarchy) !== null) return [];
    const positions = Math.floor(model.contextLength / factor);
    return [
      {
        control: controlOf(index, 'window'),
        severity: 'notice',
        message: `Window ${window} covers all ${positions} positions – same as Full.`,
        fix: { label: 'Use Full', apply: (run) => withHierarchy(run, index, (old) => ({ ...old, window: null })) },
      },
    ];
  });
