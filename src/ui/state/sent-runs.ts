import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ComparedRun } from '../../config/codec/compared-runs.ts';
import { VERSUS_KEY } from '../../config/codec/compared-keys.ts';
import { CURVE_KEY } from '../../config/codec/curve-key.ts';
import type { DecodedLink, LinkProblem, VersusRun } from '../../config/codec/decode.ts';
import { encodeQuery } from '../../config/codec/encode.ts';
import type { RunConfig } from '../../config/types.ts';
import { freeName, runName } from '../compare/run-name.ts';
import type { RunMetrics } from './run-metrics.ts';
import { addSentRuns } from './runs.ts';
import type { RunsStore } from './runs.ts';
import type { readSentCurve } from './sent-curve.ts';

/** One of several runs that a link holds side by side. */
export interface SentRun extends Pick<ComparedRun, 'config' | 'preset'> {
  /** What the sender calls it, else what it is called anywhere. */
  name: string;
  /** What is wrong with its settings, which are not trained then. */
  complaints: readonly string[];
  /** Number of the run that is its curve; null where none came. */
  curveId: number | null;
}

/** The comparison of the link that was opened last; empty where no link held one. */
export type SentRunsStore = StoreApi<{ compared: readonly SentRun[] }>;

interface Parts {
  runs: RunsStore;
  /** Tells of a curve that cannot be read. */
  report(problem: LinkProblem): void;
  /** Loads what reads curves, which few links have. */
  loadReader(): Promise<{ readSentCurve: typeof readSentCurve }>;
}

/** Takes out of links what they carry beside the form: curves, each once however often Back and Forward lead there, and comparisons. */
export class SentRuns {
  readonly store: SentRunsStore = createStore(() => ({ compared: [] }));
  private readonly parts: Parts;
  /** Numbers of the runs that are curves; null for one that was refused. */
  private readonly seen = new Map<string, number | null>();
  private turn: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Settles when the curves of a link are among the runs or were refused. */
  open(link: DecodedLink): Promise<void> {
    return (this.turn = this.turn.then(() => this.take(link)));
  }

  private async take(link: DecodedLink): Promise<void> {
    const { versus = [] } = link;
    const all: VersusRun[] = [{ ...link, number: 1, complaints: [] }, ...versus];
    const isComparison = versus.length > 0;
    const names = all.reduce<string[]>(
      (taken, { name, config }) => [...taken, freeName(name ?? runName(config), taken)],
      [],
    );
    const metrics = await Promise.all(all.map((run) => this.curveOf(run)));
    // The first comes last, as the newest of a comparison does.
    const news = [...all.keys()]
      .toSorted((a, b) => (b === 0 ? -1 : a === 0 ? 1 : a - b))
      .flatMap((at) => {
        const curve = metrics[at];
        const { config, preset, name } = all[at];
        return curve === null
          ? []
          : [{ at, sent: { config, preset, metrics: curve, name: isComparison ? names[at] : name } }];
      });
    const ids = addSentRuns(
      this.parts.runs,
      news.map(({ sent }) => sent),
    );
    news.forEach(({ at }, place) => this.seen.set(keyOf(all[at]), ids[place]));
    if (!isComparison) return;
    this.store.setState({
      compared: all.map((run, at) => ({
        config: run.config,
        preset: run.preset,
        name: names[at],
        complaints: run.complaints,
        curveId: run.complaints.length > 0 ? null : (this.seen.get(keyOf(run)) ?? null),
      })),
    });
  }

  /** A curve that has not come yet; null for any other. What is no run of the settings beside it has none. */
  private async curveOf(run: VersusRun): Promise<RunMetrics | null> {
    const { curve: text, config, number, complaints } = run;
    if (text === undefined || complaints.length > 0 || this.seen.has(keyOf(run))) return null;
    this.seen.set(keyOf(run), null);
    const metrics = await this.read(text, config);
    if (metrics === null) this.seen.delete(keyOf(run));
    if (metrics !== null && typeof metrics !== 'string') return metrics;
    this.refuse(text, number, metrics ?? 'could not be read, because a part of the page did not come');
    return null;
  }

  /** What a curve has measured, or why it is none; null where what reads it cannot be had. */
  private async read(text: string, config: RunConfig): Promise<RunMetrics | string | null> {
    const reader = await this.parts.loadReader().catch(() => null);
    return reader === null ? null : reader.readSentCurve(text, config);
  }

  private refuse(text: string, number: number, reason: string): void {
    const given = text.length > 12 ? `${text.slice(0, 12)}…` : text;
    const what = number === 1 ? `\`${CURVE_KEY}=${given}\`` : `\`${CURVE_KEY}:${given}\` of run ${number}`;
    const message = `${what} ${reason}; the curve of the sender is left out`;
    this.parts.report({ key: number === 1 ? CURVE_KEY : VERSUS_KEY, given, used: '', message });
  }
}

/** The same curve may have come with the same settings only. */
function keyOf({ config, curve }: ComparedRun): string {
  return `${encodeQuery(config)} ${curve}`;
}
