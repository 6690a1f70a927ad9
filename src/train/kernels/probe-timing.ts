import type { Gpu } from '../../gpu/device.ts';
import type { Program } from '../../gpu/program.ts';
import type { SpeedProbe } from '../../model/speed-probes.ts';
import { compile, materialise, release, type CompiledGraph } from '../../tensor/compile.ts';

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

/** A submit that was waited for so many times `longEnough` is long, whatever its clock says. */
const LONG_WAIT = 16;

/** A probe on a device, ready to be timed again and again. */
export class TimedProbe {
  readonly program: Program;
  private readonly compiled: CompiledGraph;
  private readonly slabs: SpeedProbe['slabs'];
  /** In one submit, so that it is long enough; 0 before the first. */
  private runs = 0;

  private constructor(compiled: CompiledGraph, slabs: SpeedProbe['slabs']) {
    this.compiled = compiled;
    this.program = compiled.program;
    this.slabs = slabs;
  }

  static async open(gpu: Gpu, { graph, slabs }: SpeedProbe): Promise<TimedProbe> {
    try {
      const compiled = await gpu.guarded('speed probe', () => {
        for (const slab of slabs) materialise(gpu, slab);
        return compile(gpu, 'speed probe', graph);
      });
      return new TimedProbe(compiled, slabs);
    } catch (error) {
      slabs.forEach(release);
      throw error;
    }
  }

  /** Milliseconds that one run takes, among so many that the submit is long enough; null when time was over. */
  async time({ time, longEnough, samples, mostRuns, isOver }: ProbeClock): Promise<number | null> {
    let fastest = Infinity;
    for (let taken = 0; taken < samples;) {
      if (isOver()) return null;
      if (this.runs === 0) {
        // The first run of a shader is slower, and not counted.
        await time(this.program, 1);
        this.runs = 1;
        continue;
      }
      const start = performance.now();
      const milliseconds = await time(this.program, this.runs);
      // A clock that stands still must not lead to ever longer submits.
      const isShort = milliseconds < longEnough && performance.now() - start < LONG_WAIT * longEnough;
      if (isShort && this.runs < mostRuns) this.runs *= milliseconds < longEnough / 8 ? 8 : 2;
      else {
        fastest = Math.min(fastest, milliseconds / this.runs);
        taken++;
      }
    }
    return fastest;
  }

  close(): void {
    this.compiled.destroy();
    this.slabs.forEach(release);
  }
}

/** `TimedProbe.time` of a probe that is timed once. */
export async function timeProbe(gpu: Gpu, probe: SpeedProbe, clock: ProbeClock): Promise<number | null> {
  if (clock.isOver()) return null;
  const timed = await TimedProbe.open(gpu, probe);
  try {
    return await timed.time(clock);
  } finally {
    timed.close();
  }
}
