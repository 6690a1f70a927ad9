import { adapterLimits } from '../config/problems.ts';
import type { Gpu } from '../gpu/device.ts';
import type { KernelTime } from '../gpu/kernel-sums.ts';
import { tuningFor } from '../tensor/tuning.ts';
import type { RecordListener } from '../train/passes/loss-ring.ts';
import { boundOf, nearness } from './bound.ts';
import type { Ceilings } from './ceilings.ts';
import type { Patience } from './patience.ts';
import type { Report, StepRow } from './report.ts';
import { summarise } from './statistics.ts';
import { openSession } from './step-session.ts';
import { stepRefusal, stepWork } from './step-work.ts';

const FAMILY = 'step';
const ROUNDS = 5;
const ROUND_MILLISECONDS = 300;
const MOST_STEPS = 64;
/** Steps share a submit as long as it takes about that long. */
const SUBMIT_MILLISECONDS = 50;
const MOST_TOGETHER = 8;

/** A configuration to time. */
export interface StepCase {
  id: string;
  /** As a link has it. */
  query: string;
  /** Whether each hierarchy has dispatches of its own, on an adapter where they share them. */
  isApart: boolean;
}

type Opened = Awaited<ReturnType<typeof openSession>>;

/**
 * Times whole training steps of a configuration, the first loss included, on a device that has compiled nothing. Throws
 * OutOfMemoryError.
 */
export async function measureStep(
  gpu: Gpu,
  { id, query, isApart }: StepCase,
  { ceilings, patience }: { ceilings: Ceilings; patience: Patience },
  report: Report,
): Promise<void> {
  const skip = (reason: string): void => report({ kind: 'skipped', id, reason });
  const refused = stepRefusal(query, adapterLimits(gpu.limits, gpu.info));
  if (refused !== null) return skip(refused);
  if (isApart && !tuningFor(gpu.info).sharedDispatches) return skip('hierarchies share no dispatches on this adapter');
  const { maxBufferSize, maxStorageBufferBindingSize } = gpu.limits;
  const work = stepWork(query, tuningFor(gpu.info), Math.min(maxBufferSize, maxStorageBufferBindingSize));
  const bound = boundOf(work, ceilings);
  const tooSlow = patience.refusal(FAMILY, bound.milliseconds);
  if (tooSlow !== null) return skip(tooSlow);

  const gpuTimes: number[] = [];
  const start = performance.now();
  const onRecord: RecordListener = (_record, times) => {
    const passes = opened.session.replay.stepTimes(times);
    if (passes) gpuTimes.push(passes.forward + passes.backward + passes.update);
  };
  const opened = await openSession(gpu, query, onRecord, isApart);
  const { session, tuning } = opened;
  opened.submit(1);
  await session.replay.ring.atMost(0);
  const firstLossSeconds = (performance.now() - start) / 1000;

  gpuTimes.length = 0;
  const rounds = await timeRounds(opened);
  const { median, spread, least } = summarise(rounds.map(({ milliseconds }) => milliseconds));
  const measured = gpuTimes.filter((time) => !Number.isNaN(time));
  // Matrices would have steps without them expected to be faster than they are.
  if (!tuning.subgroupMatrix) patience.learn(FAMILY, bound.milliseconds / median);
  const row: Omit<StepRow, 'kernels'> = {
    kind: 'step',
    id,
    query,
    isApart,
    parameters: session.store.count,
    dispatches: session.dispatchCount,
    pipelines: session.pipelineCount,
    milliseconds: median,
    spread,
    least,
    gpuMilliseconds: measured.length > 0 ? summarise(measured).median : null,
    hostMilliseconds: summarise(rounds.map(({ host }) => host)).median,
    gflops: work.flops / median / 1e6,
    gigabytes: work.bytes / median / 1e6,
    ...nearness(bound, median, tuning),
    bytesAlive: gpu.counts.bytesAlive,
    firstLossSeconds,
  };
  let kernels: KernelTime[] = [];
  try {
    if (gpu.device.features.has('timestamp-query')) kernels = await session.profile();
  } finally {
    // The step is measured also where the profile of its kernels fails.
    report({ ...row, kernels });
    session.destroy();
  }
}

/** Milliseconds a step, and of these on the host's thread, in each of a few rounds of many steps. */
async function timeRounds(opened: Opened): Promise<{ milliseconds: number; host: number }[]> {
  const { milliseconds } = await timeRound(opened, 1, 1);
  const steps = Math.max(1, Math.min(MOST_STEPS, Math.round(ROUND_MILLISECONDS / milliseconds)));
  const together = Math.max(1, Math.min(MOST_TOGETHER, Math.round(SUBMIT_MILLISECONDS / milliseconds)));
  const rounds: { milliseconds: number; host: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await timeRound(opened, steps, together));
  return rounds;
}

async function timeRound({ session, submit }: Opened, steps: number, together: number) {
  const start = performance.now();
  let host = 0;
  for (let done = 0; done < steps; done += together) {
    const before = performance.now();
    submit(Math.min(together, steps - done));
    host += performance.now() - before;
    await session.replay.ring.atMost(3 * together);
  }
  await session.replay.ring.atMost(0);
  return { milliseconds: (performance.now() - start) / steps, host: host / steps };
}
