import type { Access, Field } from './field.ts';
import { choice, decimal, flag, integer, optionalInteger } from './field-kinds.ts';
import { MAX_CONTEXT } from './hierarchy-fields.ts';
import { SYNTHETIC, syntheticNames } from './synthetic.ts';
import type { DatasetId, ModelConfig, RunConfig, TrainingConfig } from './types.ts';

function ofModel<K extends keyof ModelConfig>(name: K): Access<RunConfig, ModelConfig[K]> {
  return {
    name,
    get: (run) => run.model[name],
    set: (run, value) => ({ ...run, model: { ...run.model, [name]: value } }),
  };
}

function ofTraining<K extends keyof TrainingConfig>(name: K): Access<RunConfig, TrainingConfig[K]> {
  return {
    name,
    get: (run) => run.training[name],
    set: (run, value) => ({ ...run, training: { ...run.training, [name]: value } }),
  };
}

const dataset: Access<RunConfig, DatasetId> = {
  name: 'dataset',
  get: (run) => run.dataset,
  set: (run, value) => ({ ...run, dataset: value }),
};

/** Configurations from before there was this setting do not state it. */
function laterFlag(name: 'recompute' | 'halfPrecision' | 'subgroupMatrices'): Access<RunConfig, boolean> {
  return {
    name,
    get: ({ training }) => training[name] ?? false,
    set: (run, value) => ({ ...run, training: { ...run.training, [name]: value } }),
  };
}

/** What shapes the model as a whole. */
export const modelFields: readonly Field<RunConfig>[] = [
  integer(
    ofModel('depth'),
    { min: 1, max: 64 },
    {
      key: 'l',
      label: 'Depth',
      help:
        'Layers of every hierarchy, each followed by a merge. Time and parameters of everything but embedding, ' +
        'compressors and output grow in proportion to it.',
      unit: 'layers',
      applies: 'restart',
    },
  ),
  integer(
    ofModel('contextLength'),
    { min: 2, max: MAX_CONTEXT },
    {
      key: 'n',
      label: 'Context',
      help:
        'Bytes in a training sequence and the most that the model sees when it generates. Time and memory of a step grow ' +
        'in proportion to it, full attention with its square; parameters do not change.',
      unit: 'bytes',
      applies: 'restart',
    },
  ),
];

/** How the model is trained. */
export const trainingFields: readonly Field<RunConfig>[] = [
  integer(
    ofTraining('batchSize'),
    { min: 1, max: 4096 },
    {
      key: 'b',
      label: 'Batch',
      help: 'Sequences trained on at once. Time of a step and memory for activations grow in proportion to it.',
      unit: 'sequences',
      applies: 'restart',
    },
  ),
  integer(
    ofTraining('accumulation'),
    { min: 1, max: 1024 },
    {
      key: 'ga',
      label: 'Accumulation',
      help:
        'Batches whose gradients are added up before one update: the effect of a larger batch at the memory of a small ' +
        'one. Time of a step grows in proportion to it.',
      unit: 'batches',
      applies: 'restart',
    },
  ),
  integer(
    ofTraining('steps'),
    { min: 1, max: 10_000_000 },
    {
      key: 'st',
      label: 'Steps',
      help: 'Updates of a run. Its length in time is in proportion; one step costs the same.',
      unit: 'steps',
      applies: 'restart',
    },
  ),
  decimal(
    ofTraining('learningRate'),
    { min: 0, max: 1000 },
    {
      key: 'lr',
      label: 'Learning rate',
      help:
        'Size of an update after the warm-up. Too small learns slowly, too large diverges; wide models need smaller ones. ' +
        'Costs nothing.',
      unit: '',
      applies: 'hot',
    },
  ),
  integer(
    ofTraining('warmupSteps'),
    { min: 0, max: 10_000_000 },
    {
      key: 'wu',
      label: 'Warm-up',
      help: 'Steps over which the learning rate rises from zero. Costs nothing.',
      unit: 'steps',
      applies: 'restart',
    },
  ),
  decimal(
    ofTraining('clip'),
    { min: 0, max: 1_000_000 },
    {
      key: 'cl',
      label: 'Gradient clip',
      help: 'Largest global norm of the gradient; a larger one is scaled down to it. 0 turns clipping off. Costs nothing.',
      unit: '',
      applies: 'restart',
    },
  ),
  integer(
    ofTraining('seed'),
    { min: 0, max: 4_294_967_295 },
    {
      key: 'sd',
      label: 'Seed',
      help:
        'Start of every random choice: initial weights, order of the batches, samples. The same seed on the same adapter ' +
        'gives the same run. Costs nothing.',
      unit: '',
      applies: 'restart',
    },
  ),
];

/** Weights of the losses beside next-byte prediction. */
export const lossFields: readonly Field<RunConfig>[] = [
  decimal(
    ofModel('reconWeight'),
    { min: 0, max: 1000 },
    {
      key: 'rw',
      label: 'Reconstruction weight',
      help:
        'How much the loss of reading the compressed bytes back from each token counts. Changing it costs nothing, but 0 ' +
        'takes the reconstruction heads out of the model, so going to or from 0 needs a restart and saves their parameters ' +
        'and their logits, often the largest tensor of a step.',
      unit: '',
      applies: 'hot',
    },
  ),
  decimal(
    ofModel('arWeight'),
    { min: 0, max: 1000 },
    {
      key: 'aw',
      label: 'Hierarchical prediction weight',
      help:
        'How much the loss of predicting the next embedding of each compressed hierarchy (1 - cosine) counts. Its heads ' +
        'exist and its loss is measured at 0 too, so the cost stays the same.',
      unit: '',
      applies: 'hot',
    },
  ),
];

/** Which hierarchies exchange what, and which one predicts. */
export const routingFields: readonly Field<RunConfig>[] = [
  optionalInteger(ofModel('predictFactor'), { min: 1, max: 1024 }, 'auto', {
    key: 'ph',
    label: 'Predicting hierarchy',
    help:
      'Factor of the hierarchy whose tokens predict the next byte and receive the merge; auto is the smallest factor. ' +
      'Merge and output grow with the width of that hierarchy, the merge with its square.',
    unit: '×',
    applies: 'restart',
  }),
  flag(ofModel('mergeAll'), {
    key: 'ma',
    label: 'Merge into all',
    help:
      'Every hierarchy receives the merge, not only the predicting one. The merge then is as wide as all hierarchies ' +
      'together, and its cost and parameters grow with the square of that.',
    unit: '',
    applies: 'restart',
  }),
  flag(ofModel('predictAll'), {
    key: 'ua',
    label: 'Predict from all',
    help:
      'The next byte is predicted from the final embeddings of all hierarchies side by side, not from the predicting ' +
      'one alone. Only the output layer grows.',
    unit: '',
    applies: 'restart',
  }),
];

export const dataField: Field<RunConfig> = choice(
  dataset,
  [
    { value: 'sample', label: 'Moby Dick (built in)' },
    { value: 'enwik8', label: 'enwik8 (36 MB download)' },
    { value: 'own', label: 'Your own text' },
    ...SYNTHETIC.map((id) => ({ value: id, label: `${syntheticNames[id]} (made by a rule)` })),
  ],
  {
    key: 'ds',
    label: 'Text',
    help:
      'What the model reads: the built-in sample needs no network, enwik8 is downloaded once and kept, your own text ' +
      'stays on your machine and is never part of a link. Texts that a rule makes are the same everywhere, and the least ' +
      'that they cost is known. The cost of a step is the same.',
    unit: '',
    applies: 'restart',
  },
);

/** Settings that were given their keys after the first ones. */
export const laterFields: readonly Field<RunConfig>[] = [
  choice(
    ofTraining('schedule'),
    [
      { value: 'constant', label: 'Constant' },
      { value: 'cosine', label: 'Cosine' },
    ],
    {
      key: 'sc',
      label: 'Schedule',
      help:
        'Course of the learning rate after the warm-up: it stays, or falls along half a cosine until the last step. ' +
        'Costs nothing.',
      unit: '',
      applies: 'restart',
    },
  ),
  decimal(
    ofTraining('weightDecay'),
    { min: 0, max: 10 },
    {
      key: 'wd',
      label: 'Weight decay',
      help: 'Share of each weight, times the learning rate, that every update takes away (AdamW); 0 is plain Adam. Costs nothing.',
      unit: '',
      applies: 'restart',
    },
  ),
  optionalInteger(ofModel('ignoreIndex'), { min: 0, max: 255 }, 'none', {
    key: 'ii',
    label: 'Ignored byte',
    help:
      'Byte value that is left out of the next-byte loss where it would have to be predicted; none counts every byte. ' +
      'Few texts hold byte 0, which the reconstruction loss always leaves out. Costs nothing.',
    unit: '',
    applies: 'restart',
  }),
  flag(ofModel('ablateMerge'), {
    key: 'am',
    label: 'Without merge',
    help:
      'Takes the merge out of every layer, so that the hierarchies learn side by side, to see what merging is worth. ' +
      'Its parameters stay in the model and are not trained; a step saves the time of the merge.',
    unit: '',
    applies: 'restart',
  }),
  flag(laterFlag('recompute'), {
    key: 'rc',
    label: 'Recompute activations',
    help:
      'Keeps only the tokens between the layers for the backward pass and computes the rest of a layer a second time ' +
      'when it is needed: much less memory for deep models, at a step up to a quarter longer. The numbers are exactly ' +
      'the same.',
    unit: '',
    applies: 'restart',
  }),
  flag(laterFlag('halfPrecision'), {
    key: 'hp',
    label: 'Half-precision activations',
    help:
      'Stores activations and their gradients as 16-bit numbers: about half of their memory, and half as much to read and ' +
      'write. Sums, weights, logits and Adam stay 32-bit, and losses are scaled so that small gradients are not lost. ' +
      'Needs an adapter with shader-f16; losses differ in the third digit or later.',
    unit: '',
    applies: 'restart',
  }),
  flag(laterFlag('subgroupMatrices'), {
    key: 'sm',
    label: 'Subgroup matrices (experimental)',
    help:
      'Computes matrix products with the small-matrix units that many GPUs have. Most multiply 16-bit numbers, so that ' +
      'half-precision activations are needed too; sums stay 32-bit. Needs a browser that offers ' +
      'chromium-experimental-subgroup-matrix: Chromium does if started with --enable-unsafe-webgpu. How much faster ' +
      'it is has not been measured yet.',
    unit: '',
    applies: 'restart',
  }),
];
