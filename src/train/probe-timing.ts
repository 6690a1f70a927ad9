import type { Gpu } from '../gpu/device.ts';
import type { Program } from '../gpu/program.ts';
import type { SpeedProbe } from '../model/speed-probes.ts';
import { compile, materialise, release } from '../tensor/compile.ts';

export interface ProbeClock {
  /** Milliseconds that so many runs took together, one after the other in one submit. */
  time: (program: Program, runs: number) => Promise<number>;
  /** A submit of so many milliseconds is long beside what its clock and the host add. */
  longEnough: number;
  /** The fastest of so many submits counts: others were slower for what else the machine did meanwhile. */
  samples: number;
  /** In one submit, where a clock hardly ticks. */
  mostRuns: number;
  /** Asked before every submit: whether there is no time left. */
  isOver: () => boolean;
}

/** Milliseconds that one run of a probe takes, among so many that the submit is long enough; null when time was over. */
export async function timeProbe(gpu: Gpu, { graph, slabs }: SpeedProbe, clock: ProbeClock): Promise<number | null> {
  const { time, longEnough, samples, mostRuns, isOver } = clock;
  if (isOver()) return null;
  try {
    const compiled = await gpu.guarded('speed probe', () => {
      for (const slab of slabs) materialise(gpu, slab);
      return compile(gpu, 'speed probe', graph);
    });
    try {
      // The first run of a shader is slower, and not counted.
      await time(compiled.program, 1);
      let fastest = Infinity;
      let runs = 1;
      for (let taken = 0; taken < samples;) {
        if (isOver()) return null;
        const milliseconds = await time(compiled.program, runs);
        if (milliseconds < longEnough && runs < mostRuns) runs *= milliseconds < longEnough / 8 ? 8 : 2;
        else {
          fastest = Math.min(fastest, milliseconds / runs);
          taken++;
        }
      }
      return fastest;
    } finally {
      compiled.destroy();
    }
  } finally {
    slabs.forEach(release);
  }
}
