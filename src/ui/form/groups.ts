/** Sections of the form below the hierarchies, by the names of their settings. The text has a panel of its own. */
export interface Group {
  title: string;
  fields: readonly string[];
  /** Settings that few people change. */
  more: readonly string[];
}

export const groups: readonly Group[] = [
  {
    title: 'Model',
    fields: ['depth', 'contextLength'],
    more: ['predictFactor', 'mergeAll', 'predictAll', 'ablateMerge'],
  },
  {
    title: 'Training',
    fields: ['batchSize', 'steps', 'learningRate', 'seed'],
    more: [
      'accumulation',
      'warmupSteps',
      'schedule',
      'weightDecay',
      'clip',
      'recompute',
      'halfPrecision',
      'subgroupMatrices',
    ],
  },
  { title: 'Losses', fields: ['reconWeight', 'arWeight'], more: ['ignoreIndex'] },
];
