/** GPU time of all dispatches of one kernel within a program. */
export interface KernelTime {
  label: string;
  dispatches: number;
  /** Null where that is too short for the clock, or the clock gave nothing. */
  milliseconds: number | null;
}

interface Sum {
  /** Of all runs, those that the clock gave no time for among them. */
  dispatches: number;
  readings: number;
  /** Readings that are more than zero. */
  ticked: number;
  milliseconds: number;
}

/**
 * Ticks of the clock that a kernel must come to, and where the clock stands still during some of its dispatches, so often it must
 * have gone on during others. Browsers round their clocks (Chrome to a tenth of a millisecond), which averages out: the sum of ten
 * ticks is off by a third, typically.
 */
const LEAST_TICKS = 10;
const NANOSECONDS = 1e6;

/** Adds up the times of single dispatches, kernel by kernel, over several runs of a program. */
export class KernelSums {
  private readonly sums = new Map<string, Sum>();
  /** Everything that the clock has given, in nanoseconds. */
  private readonly given = new Set([0]);
  private runs = 0;

  /** One dispatch of a kernel; NaN where the clock gave no time for it. */
  add(label: string, milliseconds: number): void {
    const sum = this.sums.get(label) ?? { dispatches: 0, readings: 0, ticked: 0, milliseconds: 0 };
    this.sums.set(label, sum);
    sum.dispatches++;
    if (Number.isNaN(milliseconds)) return;
    sum.readings++;
    if (milliseconds > 0) sum.ticked++;
    sum.milliseconds += milliseconds;
    this.given.add(Math.round(NANOSECONDS * milliseconds));
  }

  endRun(): void {
    this.runs++;
  }

  /** Of one run on average, the slowest kernel first. */
  times(): KernelTime[] {
    const least = LEAST_TICKS * this.tick();
    const times = [...this.sums].map(([label, { dispatches, readings, ticked, milliseconds }]) => {
      const isKnown = ticked >= LEAST_TICKS || (ticked === readings && milliseconds >= least);
      const each = dispatches / this.runs;
      return { label, dispatches: each, milliseconds: isKnown ? (milliseconds / readings) * each : null };
    });
    return slowestFirst(times);
  }

  /** Milliseconds by which the clock goes: the least that two of its readings differ by. */
  private tick(): number {
    const given = [...this.given].sort((a, b) => a - b);
    return Math.min(...given.slice(1).map((time, i) => time - given[i])) / NANOSECONDS;
  }
}

/** Those that are too short for the clock come last. */
export function slowestFirst(times: readonly KernelTime[]): KernelTime[] {
  return times.toSorted((a, b) => (b.milliseconds ?? -1) - (a.milliseconds ?? -1));
}
