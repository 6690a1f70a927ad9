import type { Gpu } from '../../gpu/device.ts';
import type { SpeedProbe } from '../../model/speed-probes.ts';
import { fillNormal } from '../../random/fill.ts';
import type { Change, TiledTuning } from './contests.ts';
import { OpenProbe } from './probe-timing.ts';

/** No multiple of a row's length, so that no two rows are alike where these are repeated. */
const NUMBERS = 2 ** 16 - 15;

/**
 * `usual` with those changes that leave every bit of their results as it is on random numbers, and a sentence for each of the others.
 * A compiler may round one kernel otherwise than another that adds up in the same order, and what is faster by chance on one visit must
 * not change the losses of a link.
 */
export async function changeWithSameBits(gpu: Gpu, usual: TiledTuning, changes: readonly Change[]) {
  const probes = changes.flatMap((change) => [change.changed(usual), change.usual()]);
  const kernels = probes.flatMap(({ graph }) => graph.dispatches.map(({ kernel }) => kernel));
  // All at once; most are there already.
  await gpu.guarded('kernels', () => gpu.pipelines.getAll(kernels));
  const numbers = new Float32Array(NUMBERS);
  fillNormal(numbers, 0, 1, 0, 'bit comparison');
  let tuning = usual;
  const passedOver: string[] = [];
  for (const change of changes) {
    if (await haveSameBits(gpu, change.changed(tuning), change.usual(), numbers)) tuning = change.make(tuning);
    else passedOver.push(`${change.what} are faster, but round otherwise than the usual kernels.`);
  }
  return { tuning, passedOver };
}

/** Whether two probes leave the same bits where both begin with these numbers. */
async function haveSameBits(gpu: Gpu, one: SpeedProbe, other: SpeedProbe, numbers: Float32Array): Promise<boolean> {
  const opened: OpenProbe[] = [];
  try {
    for (const probe of [one, other]) opened.push(await OpenProbe.open(gpu, probe));
    const [found, expected] = await Promise.all(opened.map((probe) => probe.resultsOf(numbers)));
    return found.every((bits, i) => bits.every((word, at) => word === expected[i][at]));
  } finally {
    for (const probe of opened) probe.close();
  }
}
