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

/** A probe on a device, ready to be run and timed again and again. */
export class OpenProbe {
  readonly program: Program;
  private readonly gpu: Gpu;
  private readonly probe: SpeedProbe;
  private readonly compiled: CompiledGraph;
  /** In one submit, so that it is long enough; 0 before the first. */
  private runs = 0;

  private constructor(gpu: Gpu, probe: SpeedProbe, compiled: CompiledGraph) {
    this.gpu = gpu;
    this.probe = probe;
    this.compiled = compiled;
    this.program = compiled.program;
  }

  static async open(gpu: Gpu, probe: SpeedProbe): Promise<OpenProbe> {
    const { graph, slabs } = probe;
    try {
      const compiled = await gpu.guarded('speed probe', () => {
        for (const slab of slabs) materialise(gpu, slab);
        return compile(gpu, 'speed probe', graph);
      });
      return new OpenProbe(gpu, probe, compiled);
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

  /** The bits of all results of one run where memory holds these numbers before, over and over. */
  async resultsOf(numbers: Float32Array): Promise<Uint32Array[]> {
    for (const slab of this.probe.slabs) {
      this.gpu.write(materialise(this.gpu, slab), 0, repeated(numbers, slab.bytes / 4));
    }
    const encoder = this.gpu.device.createCommandEncoder();
    this.program.encode(encoder);
    this.gpu.device.queue.submit([encoder.finish()]);
    const ranges = [...this.probe.graph.kept].map((tensor) => this.compiled.locate(tensor));
    // All at once: each wait for the GPU takes as long as the others.
    const read = await Promise.all(ranges.map(({ buffer, offset, bytes }) => this.gpu.read(buffer, offset, bytes)));
    return read.map((bytes) => new Uint32Array(bytes));
  }

  close(): void {
    this.compiled.destroy();
    this.probe.slabs.forEach(release);
  }
}

function repeated(numbers: Float32Array, length: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  for (let at = 0; at < length; at += numbers.length) values.set(numbers.subarray(0, length - at), at);
  return values;
}

/** `OpenProbe.time` of a probe that is timed once. */
export async function timeProbe(gpu: Gpu, probe: SpeedProbe, clock: ProbeClock): Promise<number | null> {
  if (clock.isOver()) return null;
  const timed = await OpenProbe.open(gpu, probe);
  try {
    return await timed.time(clock);
  } finally {
    timed.close();
  }
}
