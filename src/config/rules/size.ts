import { memoryEstimate, parameterCount } from '../costs.ts';
import type { TensorBytes } from '../costs.ts';
import { controlOf, withHierarchy, withModel, withTraining } from '../problem.ts';
import type { AdapterLimits, Fix, Problem, Rule } from '../problem.ts';
import type { RunConfig } from '../types.ts';

/** A larger share of the parameters than this is worth a word. */
const COMPRESSOR_SHARE = 0.4;

/** More than any GPU has. Only a browser's attempt tells what one has, but a run of this size is not worth preparing. */
const MOST_BYTES = 2 ** 40;

/** Compressors grow with the square of the widest hierarchy and with the factor. */
export const compressorsAreSmall: Rule = ({ model }) => {
  const { compress, total } = parameterCount(model);
  if (!(compress > COMPRESSOR_SHARE * total)) return [];
  return [
    {
      control: 'hierarchies',
      severity: 'notice',
      message:
        `${Math.round((100 * compress) / total)} % of the parameters are in the compressors: ` +
        'each convolution has 4 × factor × (largest width)².',
    },
  ];
};

function mebibytes(bytes: number): string {
  return `${Number((bytes / 2 ** 20).toFixed(1))} MiB`;
}

function tebibytes(bytes: number): string {
  return `${Number((bytes / 2 ** 40).toFixed(1))} TiB`;
}

/** Largest single tensor that a kernel can be given. */
function largestBinding(limits: AdapterLimits): number {
  return Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
}

/** Whether a configuration is small enough. */
type Fits = (config: RunConfig) => boolean;

/** Halves a number of the configuration until it fits; undefined when no halving is enough. */
function halving(
  config: RunConfig,
  fits: Fits,
  what: string,
  value: number,
  least: number,
  set: (config: RunConfig, value: number) => RunConfig,
): Fix | undefined {
  for (let smaller = Math.floor(value / 2); smaller >= least; smaller = Math.floor(smaller / 2)) {
    const chosen = smaller;
    if (fits(set(config, chosen))) return { label: `Use ${what} ${chosen}`, apply: (run) => set(run, chosen) };
  }
  return undefined;
}

/** The fixes that suffice, the gentler one first. */
function fixes(config: RunConfig, fits: Fits): Pick<Problem, 'fix' | 'otherFix'> {
  const { training, model } = config;
  const widest = widestIndex(config);
  const found = [
    halving(config, fits, 'batch', training.batchSize, 1, (run, batchSize) => withTraining(run, { batchSize })),
    halving(config, fits, 'context', model.contextLength, 2, (run, contextLength) => withModel(run, { contextLength })),
    halving(config, fits, 'width', model.hierarchies[widest]?.dim ?? 0, 1, (run, dim) =>
      withHierarchy(run, widest, (old) => ({ ...old, dim })),
    ),
    halving(config, fits, 'depth', model.depth, 1, (run, depth) => withModel(run, { depth })),
  ].filter((fix) => fix !== undefined);
  return { fix: found[0], otherFix: found[1] };
}

function widestIndex({ model }: RunConfig): number {
  const dims = model.hierarchies.map(({ dim }) => dim);
  return dims.indexOf(Math.max(...dims));
}

function blame(config: RunConfig, largest: TensorBytes): string {
  return largest.kind === 'activation' ? 'batchSize' : controlOf(Math.max(0, widestIndex(config)), 'dim');
}

/** No tensor is larger than the adapter can bind. */
export const tensorsFitBindings: Rule = (config, limits) => {
  if (limits === undefined) return [];
  const { largest } = memoryEstimate(config);
  const limit = largestBinding(limits);
  if (!(largest.bytes > limit)) return [];
  return [
    {
      control: blame(config, largest),
      severity: 'error',
      message:
        `The largest tensor, ${largest.label}, takes ${mebibytes(largest.bytes)}; ` +
        `this adapter binds at most ${mebibytes(limit)}.`,
      ...fixes(config, (run) => memoryEstimate(run).largest.bytes <= limit),
    },
  ];
};

/** A training step takes no more than any GPU has. A link may ask for anything, and what it asks for is compiled ahead. */
export const stepsFitSomeGpu: Rule = (config, limits) => {
  if (limits === undefined) return [];
  const { total, activations, workspace } = memoryEstimate(config);
  if (!(total > MOST_BYTES)) return [];
  return [
    {
      control: 2 * (activations + workspace) > total ? 'batchSize' : controlOf(Math.max(0, widestIndex(config)), 'dim'),
      severity: 'error',
      message: `A step takes ${tebibytes(total)} of memory, and no GPU has more than ${tebibytes(MOST_BYTES)}.`,
      ...fixes(config, (run) => memoryEstimate(run).total <= MOST_BYTES),
    },
  ];
};
