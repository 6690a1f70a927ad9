import { adapterLimits } from '../config/problems.ts';
import { decodeQuery } from '../config/codec/decode.ts';
import { FORWARD_SHARE } from '../config/validation.ts';
import type { Gpu } from '../gpu/device.ts';
import { tuningFor } from '../tensor/tuning.ts';
import { boundOf } from './bound.ts';
import type { Ceilings } from './ceilings.ts';
import { measureGeneration } from './generation.ts';
import type { Patience } from './patience.ts';
import type { Report } from './report.ts';
import { stepRefusal, stepWork } from './step-work.ts';

const ROUNDS = 5;

/** Times how texts are written by an untrained model. Throws OutOfMemoryError. */
export async function measureTexts(
  gpu: Gpu,
  { id, query }: { id: string; query: string },
  { ceilings, patience }: { ceilings: Ceilings; patience: Patience },
  report: Report,
): Promise<void> {
  const { maxBufferSize, maxStorageBufferBindingSize } = gpu.limits;
  const work = stepWork(query, tuningFor(gpu.info), Math.min(maxBufferSize, maxStorageBufferBindingSize));
  const { batchSize, accumulation } = decodeQuery(query).config.training;
  const pass = (boundOf(work, ceilings).milliseconds * FORWARD_SHARE) / batchSize / accumulation;
  const reason = stepRefusal(query, adapterLimits(gpu.limits, gpu.info)) ?? patience.refusal('step', pass);
  if (reason !== null) return report({ kind: 'skipped', id, reason });
  report({ kind: 'texts', query, rows: await measureGeneration(gpu, query, ROUNDS) });
}
