import type { SyntheticId } from './synthetic.ts';

/** One token stream: a row of the form. */
export interface HierarchyConfig {
  /** Compression factor c: one token stands for c bytes. A power of two. */
  factor: number;
  /** Distance in bytes between neighbouring tokens, a power of two, at most `factor`. */
  stride: number;
  dim: number;
  heads: number;
  /** Width of one head; even, because rotary embeddings turn pairs. */
  dimHead: number;
  /** Feed-forward width is trunc(dim * ffMult). */
  ffMult: number;
  /** Rows an attention query sees behind itself; null = all of them, 0 = no attention at all. */
  window: number | null;
}

/** Everything that decides what the model computes (the reference's constructor arguments). */
export interface ModelConfig {
  /** V; 256 for bytes. The page never changes it. */
  numTokens: number;
  depth: number;
  /** Context in bytes (the reference's seq_len). */
  contextLength: number;
  hierarchies: HierarchyConfig[];
  /** Compress factor of the predicting hierarchy; null = the smallest. */
  predictFactor: number | null;
  /** Every hierarchy, not only the predicting one, receives the merge. */
  mergeAll: boolean;
  /** Logits are computed from all hierarchies. */
  predictAll: boolean;
  /** Takes the merge out of every layer. */
  ablateMerge: boolean;
  reconWeight: number;
  arWeight: number;
  /** Label that the next-byte loss leaves out; null = none. */
  ignoreIndex: number | null;
}

export interface TrainingConfig {
  batchSize: number;
  /** Micro-batches summed into one update. */
  accumulation: number;
  steps: number;
  learningRate: number;
  warmupSteps: number;
  schedule: 'constant' | 'cosine';
  /** Decoupled (AdamW); 0 = plain Adam. */
  weightDecay: number;
  /** Limit of the global gradient norm; 0 = none. */
  clip: number;
  seed: number;
  /** Computes the activations of the layers twice instead of keeping them; absent, as in the first presets, is no. */
  recompute?: boolean;
  /** Stores activations and their gradients as f16; absent is no. */
  halfPrecision?: boolean;
  /** Makes matrix products by subgroup matrices, which are experimental; absent is no. */
  subgroupMatrices?: boolean;
}

/** What may change while a run goes on: the settings whose field `applies` at once. */
export interface HotSettings {
  learningRate: number;
  reconWeight: number;
  arWeight: number;
}

export type DatasetId = 'sample' | 'enwik8' | 'own' | SyntheticId;

/** A run: what a link, a preset and the form describe. */
export interface RunConfig {
  model: ModelConfig;
  training: TrainingConfig;
  dataset: DatasetId;
}
