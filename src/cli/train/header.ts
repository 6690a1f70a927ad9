import { shortestQuery } from '../../config/codec/encode.ts';
import type { RunConfig } from '../../config/types.ts';
import type { Corpus } from '../../data/corpus.ts';
import type { FirstWeights } from '../../protocol/first-weights.ts';
import type { DeviceInfo } from '../../gpu/adapter-info.ts';
import { identify, type Checkpoint, type TextIdentity } from '../../train/saving/checkpoint.ts';
import { machineName } from '../machine.ts';

/** What is known of a run once it is built. */
export interface BuiltRun {
  /**
   * The variants that it has, which others are wrong on this adapter or round otherwise, and which it was saved with where those
   * are others.
   */
  kernels: {
    variants: string;
    replaced: readonly string[];
    passedOver: readonly string[];
    wrong: readonly string[];
    savedWith?: string;
  };
  parameters: number;
  flopsPerStep: number;
}

/** The first line of `--json`: all that it takes to have the same run again, and where it was made. */
export interface RunHeader extends Partial<BuiltRun> {
  kind: 'run';
  /** The configuration, as `--config` takes it. */
  query: string;
  seed: number;
  steps: number;
  /** The step that it goes on from, 0 for a new run. */
  fromStep: number;
  /** The weights that it has begun with; left out where they were drawn from its seed. */
  firstWeights?: FirstWeights;
  text: TextIdentity;
  adapter: DeviceInfo;
  /** Processor, operating system and runtime. */
  machine: string;
  /** ISO 8601, with the time. */
  date: string;
}

interface Parts {
  config: RunConfig;
  corpus: Corpus;
  from: Pick<Checkpoint, 'step' | 'firstWeights'> | undefined;
  weights: FirstWeights | undefined;
  adapter: DeviceInfo;
  facts: Partial<BuiltRun>;
}

export async function headerOf({ config, corpus, from, weights, adapter, facts }: Parts): Promise<RunHeader> {
  const { seed, steps } = config.training;
  const firstWeights = from === undefined ? weights : from.firstWeights;
  return {
    kind: 'run',
    query: shortestQuery(config),
    seed,
    steps,
    fromStep: from?.step ?? 0,
    ...(firstWeights && { firstWeights }),
    text: await identify(corpus),
    ...facts,
    adapter,
    machine: machineName(),
    date: new Date().toISOString(),
  };
}

/** What there is to say of the kernels of a run that compute something wrong, or are not those which were asked for. */
export function sayKernels({
  replaced,
  wrong,
  savedWith,
}: Pick<BuiltRun['kernels'], 'replaced' | 'wrong' | 'savedWith'>): string[] {
  const other = savedWith === undefined ? [] : [`saved with others, so that numbers may round otherwise: ${savedWith}`];
  const wrongly = wrong.map((sentence) => `this GPU computes wrong results: ${sentence}`);
  return [...wrongly, ...replaced, ...other];
}
