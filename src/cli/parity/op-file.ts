import type { Gpu } from '../../gpu/device.ts';
import type { StoredTensor } from '../../protocol/safetensors.ts';
import { checkActivation } from './op-activations.ts';
import { checkAttention } from './op-attention.ts';
import { OpCase } from './op-case.ts';
import { checkConv } from './op-conv.ts';
import { checkCrossEntropy } from './op-cross-entropy.ts';
import { checkLayout } from './op-layout.ts';
import { checkNorm } from './op-norm.ts';
import { checkOptimizer } from './op-optimizer.ts';
import { checkRotary } from './op-rotary.ts';
import { checkSampling } from './op-sampling.ts';
import { failure, type Check } from './report.ts';

/** The JSON half of an op file. */
export interface GoldenOps {
  cases: Readonly<Record<string, unknown>>[];
}

type Family = (gpu: Gpu, of: OpCase) => Promise<void>;

const FAMILIES: Readonly<Record<string, Family>> = {
  ops_activations: checkActivation,
  ops_conv: checkConv,
  ops_cross_entropy: checkCrossEntropy,
  ops_full_attention: checkAttention,
  ops_layout: checkLayout,
  ops_local_attention: checkAttention,
  ops_norm: checkNorm,
  ops_optimizer: checkOptimizer,
  ops_rotary: checkRotary,
  ops_sampling: checkSampling,
};

/** Runs every case of an op file through the kernels of its family. What is in the file but compared with nothing fails. */
export async function checkOpFile(
  gpu: Gpu,
  name: string,
  { cases }: GoldenOps,
  tensors: ReadonlyMap<string, StoredTensor>,
): Promise<Check[]> {
  const family = FAMILIES[name];
  if (!family) throw new Error(`is no known family of ops; known are ${Object.keys(FAMILIES).join(', ')}`);
  if (cases.length === 0) throw new Error('has no cases');
  const checks: Check[] = [];
  const known = new Set<string>();
  for (const attributes of cases) {
    const of = new OpCase(String(attributes.case), attributes, tensors);
    known.add(of.name);
    await runCase(gpu, family, of);
    checks.push(...of.checks);
  }
  const strays = [...tensors.keys()].filter((key) => !known.has(key.split('/')[0]));
  return [...checks, ...strays.map((key) => failure('case', key, 'belongs to no case of the JSON file'))];
}

async function runCase(gpu: Gpu, family: Family, of: OpCase): Promise<void> {
  try {
    await family(gpu, of);
  } catch (error) {
    of.fail(error instanceof Error ? error.message : String(error));
    return;
  }
  const unused = of.unused();
  if (unused.length > 0) of.fail(`nothing is compared with ${unused.join(', ')}`);
  if (of.checks.length === 0) of.fail('nothing is compared');
}
