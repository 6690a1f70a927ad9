import { CURVE_KEY } from '../../config/codec/curve-key.ts';
import { decodeCurve } from '../../config/codec/curve-text.ts';
import type { DecodedLink, LinkProblem } from '../../config/codec/decode.ts';
import { metricsOf } from './run-curve.ts';
import { addSentRun } from './runs.ts';
import type { RunsStore } from './runs.ts';

/** Puts the curves that links carry among the runs, each once, however often Back and Forward lead to its link. */
export class SentCurves {
  private readonly runs: RunsStore;
  /** Tells of a curve that cannot be read. */
  private readonly report: (problem: LinkProblem) => void;
  private readonly seen = new Set<string>();

  constructor(runs: RunsStore, report: (problem: LinkProblem) => void) {
    this.runs = runs;
    this.report = report;
  }

  /** Settles when the curve of a link, if it has one, is among the runs or was refused. */
  async open({ curve: text, config, preset }: DecodedLink): Promise<void> {
    if (text === undefined || this.seen.has(text)) return;
    this.seen.add(text);
    const curve = await decodeCurve(text);
    if (typeof curve === 'string') this.refuse(text, curve);
    else if (curve.lastStep > config.training.steps) this.refuse(text, 'has more steps than the run of this link');
    else addSentRun(this.runs, { config, preset, metrics: metricsOf(curve, config) });
  }

  private refuse(text: string, reason: string): void {
    const given = text.length > 12 ? `${text.slice(0, 12)}…` : text;
    const message = `\`${CURVE_KEY}=${given}\` ${reason}; the curve of the sender is left out`;
    this.report({ key: CURVE_KEY, given, used: '', message });
  }
}
