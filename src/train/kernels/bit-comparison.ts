import type { Gpu } from '../../gpu/device.ts';
import type { SpeedProbe } from '../../model/speed-probes.ts';
import { fillNormal } from '../../random/fill.ts';
import type { Change, TiledTuning } from './contests.ts';
import { compileTogether, failureOf } from './probe-run.ts';
import { OpenProbe } from './probe-timing.ts';

/** No multiple of a row's length, so that no two rows are alike where these are repeated. */
const NUMBERS = 2 ** 16 - 15;

/**
 * `usual` with the first of each kind of changes that leaves every bit of its results as it is on random numbers, and a sentence for
 * each before it. A compiler may round one kernel otherwise than another that adds up in the same order, and what is faster by chance
 * on one visit must not change the losses of a link.
 */
export async function changeWithSameBits(gpu: Gpu, usual: TiledTuning, kinds: readonly (readonly Change[])[]) {
  // Most are there already, and the others of a kind are seldom needed.
  const probes = kinds.flatMap(([first]) => (first ? [first.changed(usual), first.usual()] : []));
  await compileTogether(
    gpu,
    probes.map(({ graph }) => graph),
  );
  const numbers = new Float32Array(NUMBERS);
  fillNormal(numbers, 0, 1, 0, 'bit comparison');
  let tuning = usual;
  const passedOver: string[] = [];
  for (const changes of kinds) {
    for (const change of changes) {
      const fault = await faultOf(gpu, change, tuning, numbers);
      if (fault === null) {
        tuning = change.make(tuning);
        break;
      }
      passedOver.push(`${change.what} are faster, but ${fault}`);
    }
  }
  return { tuning, passedOver };
}

/** Why a change cannot be made, in words; null when it leaves the same bits. Throws when the device is lost. */
async function faultOf(gpu: Gpu, change: Change, tuning: TiledTuning, numbers: Float32Array): Promise<string | null> {
  try {
    const isSame = await haveSameBits(gpu, change.changed(tuning), change.usual(), numbers);
    return isSame ? null : 'round otherwise than the usual kernels.';
  } catch (error) {
    return `could not be compared with the usual kernels: ${await failureOf(gpu, error)}`;
  }
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
