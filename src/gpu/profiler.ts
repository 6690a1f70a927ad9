import type { Gpu } from './device.ts';
import { KernelSums, type KernelTime } from './kernel-sums.ts';
import { passMilliseconds, PassTimer, WORDS_PER_PASS } from './pass-timer.ts';
import { MOST_PASSES, type Program, type ProgramPart } from './program.ts';

/** A program runs again until all runs have taken so long, so that clocks that go by large ticks say something. */
const LEAST_MILLISECONDS = 300;
const MOST_RUNS = 50;

interface Range {
  from: number;
  to: number;
}

/**
 * Runs a program with a timestamp around every dispatch, more than once where it is short; the kernels of one run, the
 * slowest first. Its parts go out as `submits` has them. Throws when the adapter has no `timestamp-query`.
 */
export async function profile(
  gpu: Gpu,
  program: Program,
  submits: readonly (readonly ProgramPart[])[],
): Promise<KernelTime[]> {
  const { labels } = program;
  const ranges = submits.flat().flatMap(({ from = 0, to = labels.length }) => cut(from, to));
  const timer = PassTimer.create(gpu, Math.max(...ranges.map(({ from, to }) => to - from)));
  if (!timer) throw new Error('profile: this adapter has no timestamp-query');
  const sums = new KernelSums();
  const start = performance.now();
  try {
    for (let run = 0; run < MOST_RUNS; run++) {
      if (run > 0 && performance.now() - start > LEAST_MILLISECONDS) break;
      for (const { from, to } of ranges) {
        const encoder = gpu.device.createCommandEncoder();
        for (let i = 0; i < to - from; i++) {
          program.encode(encoder, { from: from + i, to: from + i + 1, timestampWrites: timer.pass(i) });
        }
        timer.encodeResolve(encoder);
        gpu.device.queue.submit([encoder.finish()]);
        const words = new Uint32Array(await gpu.read(timer.times, 0, 4 * WORDS_PER_PASS * (to - from)));
        for (let i = 0; i < to - from; i++) sums.add(labels[from + i], passMilliseconds(words, i));
      }
      sums.endRun();
    }
  } finally {
    timer.destroy();
  }
  return sums.times();
}

/** Ranges that an encoder can time, dispatch by dispatch; a query set could hold four times as many. */
function cut(from: number, to: number): Range[] {
  return Array.from({ length: Math.ceil((to - from) / MOST_PASSES) }, (_, i) => {
    const first = from + i * MOST_PASSES;
    return { from: first, to: Math.min(to, first + MOST_PASSES) };
  });
}
