import type { PassTimer } from '../../gpu/pass-timer.ts';
import type { ProgramPart } from '../../gpu/program.ts';
import { workOf } from '../../tensor/dispatch-work.ts';
import type { Graph } from '../../tensor/graph.ts';

/**
 * Cuts the replay of a trace, of training or of a forward pass alone, into at most `pieces` runs of about equal work, each the
 * passes of one submit. Forward and backward are passes of their own; with a timer, the first piece of a pass notes when it
 * begins and the last one when it ends.
 */
export function cutReplay(
  { dispatches, backwardStart }: Pick<Graph, 'dispatches' | 'backwardStart'>,
  pieces: number,
  timer: PassTimer | null,
): ProgramPart[][] {
  const work = dispatches.map((dispatch) => workOf([dispatch]));
  const total = work.reduce((sum, amount) => sum + amount, 0);
  const cut: ProgramPart[][] = [];
  let from = 0;
  let done = 0;
  work.forEach((amount, i) => {
    done += amount;
    const isLast = i === work.length - 1;
    if (!isLast && done < ((cut.length + 1) / pieces) * total) return;
    const piece = [
      part(from, i + 1, { from: 0, to: backwardStart }, timer?.pass(0)),
      part(from, i + 1, { from: backwardStart, to: work.length }, timer?.pass(1)),
    ];
    cut.push(piece.filter((each) => each !== null));
    from = i + 1;
  });
  return cut;
}

/** The pieces of one trace, cut anew only when their number changes. */
export class ReplayPieces {
  private readonly trace: Pick<Graph, 'dispatches' | 'backwardStart'>;
  private readonly timer: PassTimer | null;
  private count = 0;
  private pieces: ProgramPart[][] = [];

  constructor(trace: Pick<Graph, 'dispatches' | 'backwardStart'>, timer: PassTimer | null) {
    this.trace = trace;
    this.timer = timer;
  }

  /** The passes of each of up to so many submits. */
  of(submits: number): readonly ProgramPart[][] {
    if (submits !== this.count) {
      this.count = submits;
      this.pieces = cutReplay(this.trace, submits, this.timer);
    }
    return this.pieces;
  }
}

/** What of a pass lies in [from, to), if anything. */
function part(
  from: number,
  to: number,
  pass: { from: number; to: number },
  writes: GPUComputePassTimestampWrites | undefined,
): ProgramPart | null {
  const first = Math.max(from, pass.from);
  const end = Math.min(to, pass.to);
  if (first >= end) return null;
  const begins = first === pass.from;
  const ends = end === pass.to;
  if (!writes || !(begins || ends)) return { from: first, to: end };
  const { querySet, beginningOfPassWriteIndex, endOfPassWriteIndex } = writes;
  const timestampWrites = {
    querySet,
    ...(begins && { beginningOfPassWriteIndex }),
    ...(ends && { endOfPassWriteIndex }),
  };
  return { from: first, to: end, timestampWrites };
}
