import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { kernelProbes } from '../../src/model/kernel-probes.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { everySize, TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { reverseInvocations } from '../support/reverse-invocations.ts';
import { sabotage } from '../support/sabotage.ts';

// Software adapters run the invocations of a workgroup one after the other as far as the next barrier. Where one is missing, only
// those that come later can see what others have written too late or too early: so each order shows what the other hides.

const probes = kernelProbes({ headWidths: [32, 64], aligned: false });
const PLANES: Tuning = { ...TUNINGS.gpu, matmul: everySize('32x32/4x4 in 4') };
const APART: Tuning = { ...PLANES, jointGradients: false };

afterEach(() => vi.restoreAllMocks());

/** Digests of all that a kind of kernel computes on random numbers, on a device that `change` has changed. */
async function digests(kind: keyof typeof probes, tuning: Tuning, change?: (device: Gpu) => void) {
  const device = await Gpu.open(await gpu());
  change?.(device);
  const found: string[] = [];
  for (const { record } of probes[kind]) {
    const session = new EagerSession(device, { training: true, tuning });
    for (const values of Object.values(await session.run(record(session)))) {
      found.push(createHash('sha256').update(values).digest('hex'));
    }
  }
  return found;
}

describe('invocations of a workgroup give the same bits in reverse order', () => {
  it.each<[string, keyof typeof probes, Tuning]>([
    ['products by small tiles', 'matmul', { ...TUNINGS.gpu, matmul: everySize('32x32/4x4') }],
    ['products by large tiles', 'matmul', { ...TUNINGS.gpu, matmul: everySize('128x128/8x8 ahead') }],
    ['products by planes', 'matmul', PLANES],
    ['products by planes, gradients apart', 'matmul', APART],
    ['attention', 'attention', TUNINGS.gpu],
    ['attention that reads ahead', 'attention', { ...TUNINGS.gpu, attention: 'tiled ahead' }],
    ['sums over rows', 'reductions', TUNINGS.gpu],
    ['losses of logits', 'lossLanes', TUNINGS.gpu],
  ])('in %s', async (_what, kind, tuning) => {
    expect(await digests(kind, tuning, reverseInvocations)).toEqual(await digests(kind, tuning));
  });

  // In the usual order the first plane has read its sums before another one writes there.
  it.each([
    ['both gradients at once', PLANES],
    ['gradients apart', APART],
  ])('unless a barrier is missing behind the planes of %s', async (_what, tuning) => {
    const without = (device: Gpu): void =>
      sabotage(device, { '    workgroupBarrier();\n  } else {': '  } else {' }, 'row_sums');
    const usual = await digests('gradients', tuning);
    expect(await digests('gradients', tuning, without)).toEqual(usual);
    const both = (device: Gpu): void => [without, reverseInvocations].forEach((change) => change(device));
    expect(await digests('gradients', tuning, both)).not.toEqual(usual);
  });
});
