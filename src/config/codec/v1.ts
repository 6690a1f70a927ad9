import type { HierarchyConfig, RunConfig } from '../types.ts';

// Frozen: links of schema 1 state what differs from these numbers, so changing one changes what old links mean. New
// numbers go into a new schema with its own file, and a test knows the hash of this one.

type Row = [
  factor: number,
  stride: number,
  dim: number,
  heads: number,
  dimHead: number,
  ffMult: number,
  window: number | null,
];

interface Shape {
  hierarchies: Row[];
  depth: number;
  contextLength: number;
  batchSize: number;
  accumulation: number;
  steps: number;
  learningRate: number;
}

function hierarchy([factor, stride, dim, heads, dimHead, ffMult, window]: Row): HierarchyConfig {
  return { factor, stride, dim, heads, dimHead, ffMult, window };
}

function run(shape: Shape): RunConfig {
  return {
    model: {
      numTokens: 256,
      depth: shape.depth,
      contextLength: shape.contextLength,
      hierarchies: shape.hierarchies.map(hierarchy),
      predictFactor: null,
      mergeAll: false,
      predictAll: false,
      ablateMerge: false,
      reconWeight: 0.1,
      arWeight: 0.25,
      ignoreIndex: 0,
    },
    training: {
      batchSize: shape.batchSize,
      accumulation: shape.accumulation,
      steps: shape.steps,
      learningRate: shape.learningRate,
      warmupSteps: 20,
      schedule: 'constant',
      weightDecay: 0,
      clip: 0.5,
      seed: 0,
    },
    dataset: 'sample',
  };
}

/** The presets of schema 1 by their name in a link. */
export const presetsV1 = {
  micro: run({
    hierarchies: [
      [1, 1, 16, 1, 16, 2, 16],
      [4, 1, 16, 1, 16, 2, null],
    ],
    depth: 1,
    contextLength: 32,
    batchSize: 4,
    accumulation: 1,
    steps: 300,
    learningRate: 3e-3,
  }),
  quick: run({
    hierarchies: [
      [1, 1, 64, 2, 32, 2, 16],
      [4, 1, 96, 3, 32, 2, null],
    ],
    depth: 2,
    contextLength: 128,
    batchSize: 16,
    accumulation: 1,
    steps: 600,
    learningRate: 3e-3,
  }),
  two: run({
    hierarchies: [
      [1, 1, 96, 3, 32, 2, 32],
      [4, 1, 128, 4, 32, 2, null],
    ],
    depth: 3,
    contextLength: 256,
    batchSize: 8,
    accumulation: 1,
    steps: 600,
    learningRate: 2e-3,
  }),
  flat: run({
    hierarchies: [[1, 1, 96, 3, 32, 4, null]],
    depth: 3,
    contextLength: 256,
    batchSize: 8,
    accumulation: 1,
    steps: 600,
    learningRate: 2e-3,
  }),
  readme3: run({
    hierarchies: [
      [1, 1, 512, 8, 64, 4, 32],
      [2, 1, 512, 8, 64, 4, 64],
      [8, 1, 512, 8, 64, 4, null],
    ],
    depth: 6,
    contextLength: 2048,
    batchSize: 1,
    accumulation: 8,
    steps: 2000,
    learningRate: 3e-4,
  }),
  readme4: run({
    hierarchies: [
      [1, 1, 128, 2, 16, 2, 16],
      [2, 1, 256, 4, 32, 2, 32],
      [4, 1, 512, 8, 64, 4, 64],
      [16, 8, 1024, 8, 64, 4, null],
    ],
    depth: 8,
    contextLength: 1024,
    batchSize: 1,
    accumulation: 8,
    steps: 2000,
    learningRate: 3e-4,
  }),
  train: run({
    hierarchies: [
      [1, 1, 1024, 8, 64, 4, 32],
      [2, 1, 1024, 8, 64, 4, 64],
    ],
    depth: 8,
    contextLength: 2048,
    batchSize: 2,
    accumulation: 8,
    steps: 2000,
    learningRate: 1e-4,
  }),
};
