import { memoryEstimate, parameterCount } from '../costs.ts';
import type { TensorBytes } from '../costs.ts';
import { controlOf, withHierarchy, withModel, withTraining } from '../problem.ts';
import type { AdapterLimits, Fix, Problem, Rule } from '../problem.ts';
import type { RunConfig } from '../types.ts';

/** A larger share of the parameters than this is worth a word. */
const COMPRESSOR_SHARE = 0.4;

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

/** Largest single tensor that a kernel can be given. */
function largestBinding(limits: AdapterLimits): number {
  return Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
}

function fits(config: RunConfig, limits: AdapterLimits): boolean {
  return memoryEstimate(config).largest.bytes <= largestBinding(limits);
}

/** Halves a number of the configuration until every tensor fits; undefined when no halving is enough. */
function halving(
  config: RunConfig,
  limits: AdapterLimits,
  what: string,
  value: number,
  least: number,
  set: (config: RunConfig, value: number) => RunConfig,
): Fix | undefined {
  for (let smaller = Math.floor(value / 2); smaller >= least; smaller = Math.floor(smaller / 2)) {
    const chosen = smaller;
    if (fits(set(config, chosen), limits)) return { label: `Use ${what} ${chosen}`, apply: (run) => set(run, chosen) };
  }
  return undefined;
}

/** The fixes that suffice, the gentler one first. */
function fixes(config: RunConfig, limits: AdapterLimits): Pick<Problem, 'fix' | 'otherFix'> {
  const { training, model } = config;
  const widest = widestIndex(config);
  const found = [
    halving(config, limits, 'batch', training.batchSize, 1, (run, batchSize) => withTraining(run, { batchSize })),
    halving(config, limits, 'context', model.contextLength, 2, (run, contextLength) =>
      withModel(run, { contextLength }),
    ),
    halving(config, limits, 'width', model.hierarchies[widest]?.dim ?? 0, 1, (run, dim) =>
      withHierarchy(run, widest, (old) => ({ ...old, dim })),
    ),
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
      ...fixes(config, limits),
    },
  ];
};
