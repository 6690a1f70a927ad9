import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { createStore } from 'zustand/vanilla';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { SessionContext } from '../../../src/ui/session.ts';
import type { Session } from '../../../src/ui/session.ts';
import { createConfigStore } from '../../../src/ui/state/config-store.ts';
import type { ConfigState } from '../../../src/ui/state/config-store.ts';
import type { Curves } from '../../../src/ui/state/curves.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import type { RecordedRun } from '../../../src/ui/state/recording.ts';
import { fixedPassage } from '../../../src/ui/state/loss-reader.ts';
import type { LossState } from '../../../src/ui/state/loss-reader.ts';
import type { QueueState } from '../../../src/ui/state/run-queue.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { addSentRuns, keepRuns } from '../../../src/ui/state/runs.ts';
import type { RunsState } from '../../../src/ui/state/runs.ts';
import type { SentRun } from '../../../src/ui/state/sent-runs.ts';
import type { TestScoring } from '../../../src/ui/state/test-scorer.ts';
import { initialTextState } from '../../../src/ui/state/text.ts';
import type { TextState } from '../../../src/ui/state/text.ts';
import type { TrainedModelState } from '../../../src/ui/state/trained-model.ts';
import { createViewStore } from '../../../src/ui/state/view.ts';
import { gpuAdapter, mobyDick } from './fake-worker.ts';

// Links to share begin with the address of the page.
Object.assign(globalThis, { location: { origin: 'https://strata.example', pathname: '/' } });

/** A page that can train, and has not yet. */
export const READY: Partial<RunState> = { adapter: { state: 'ready', info: gpuAdapter }, corpus: mobyDick };

/** The run that came with the page. */
export const recordedQuick: RecordedRun = {
  adapter: 'Radeon RX 7800 XT',
  seconds: 18,
  steps: 300,
  preset: 'quick',
  config: decodeQuery('p=quick').config,
  model: { parameters: 611_968, flopsPerStep: 7e9, engineBytes: 1e8, pipelines: 1, dispatches: 1 },
  corpus: mobyDick,
};

interface Parts {
  /** What a test needs of the controller. */
  controller?: object;
  /** Texts in the form that are no values. */
  drafts?: ConfigState['drafts'];
  /** Live settings that were edited. */
  edits?: ConfigState['edits'];
  /** What the next run begins with, if that is not drawn. */
  weights?: ConfigState['weights'];
  /** Where the visitor looks. */
  hash?: string;
  /** What the present run has measured. */
  metrics?: RunMetrics;
  /** The run of a link. */
  sent?: Parameters<typeof addSentRuns>[1][number];
  /** What a link holds side by side. */
  compared?: readonly SentRun[];
  /** The runs of this visit. */
  runs?: RunsState['runs'];
  /** Why they end with the page. */
  unkept?: string;
  /** Number of the run that the page follows, if it has one. */
  presentId?: number;
  /** How far the present run is measured. */
  scoring?: Partial<TestScoring>;
  /** What waits for its turn. */
  queue?: Partial<QueueState>;
  /** How the model is to write, and what it wrote. */
  text?: Partial<TextState>;
  /** The passage whose bytes are asked for, and which of them. */
  reading?: Partial<LossState>;
  /** Whether the model that comes with the page is on its way. */
  trained?: Partial<TrainedModelState>;
}

/** What a part of the page at a link shows in some state, as markup. */
export function markup(part: ReactNode, state: Partial<RunState>, query = '', parts: Parts = {}): string {
  const {
    controller = {},
    drafts = {},
    edits = {},
    weights = null,
    hash = '',
    metrics = new RunMetrics(),
    sent,
    scoring,
  } = parts;
  const { preset, config: linked } = decodeQuery(query);
  const form = createConfigStore(preset, linked, true);
  // What is rendered as text is what stores began with.
  const config = createStore<ConfigState>(() => ({ ...form.getState(), drafts, edits, weights }));
  const run = createStore<RunState>(() => ({ ...initialRunState, ...state }));
  const curves = createStore<Curves>(() => ({ metrics, revision: 0 }));
  const kept = keepRuns({ run, curves });
  if (sent) addSentRuns(kept, [sent]);
  const runs = createStore<RunsState>(() => ({
    ...kept.getState(),
    ...(parts.runs !== undefined && { runs: parts.runs }),
    unkept: parts.unkept ?? null,
    ...(parts.presentId !== undefined && { presentId: parts.presentId }),
  }));
  const scorer = { store: createStore<TestScoring>(() => ({ share: null, failure: null, ...scoring })) };
  const queue = { store: createStore<QueueState>(() => ({ waiting: [], wait: null, begun: null, ...parts.queue })) };
  const view = createViewStore(hash);
  const writer = { store: createStore<TextState>(() => ({ ...initialTextState, ...parts.text })) };
  const losses = { text: { store: createStore(() => ({ passage: fixedPassage, picked: null, ...parts.reading })) } };
  const trained = {
    store: createStore<TrainedModelState>(() => ({ received: null, failure: null, ...parts.trained })),
  };
  const session = {
    config,
    run,
    curves,
    runs,
    sent: createStore(() => ({ compared: parts.compared ?? [] })),
    view,
    controller,
    scorer,
    queue,
    writer,
    losses,
    trained,
  } as unknown as Session;
  return renderToStaticMarkup(<SessionContext value={session}>{part}</SessionContext>);
}

/** The same without its tags. */
export function shown(part: ReactNode, state: Partial<RunState>, query = '', parts: Parts = {}): string {
  return markup(part, state, query, parts).replaceAll(/<[^>]*>/g, '');
}
