import type { AdapterSpeed } from '../../config/costs.ts';
import { DEFAULT_PRESET } from '../../config/presets.ts';
import type { PresetId } from '../../config/presets.ts';
import type { DatasetId, RunConfig } from '../../config/types.ts';
import type { ChosenWeights } from './config-store.ts';
import type { changedSince } from './marks.ts';
import type { RecordedRun } from './recording.ts';
import type { FirstWeights } from '../../protocol/first-weights.ts';
import type {
  AdapterInfo,
  BlowUp,
  CorpusInfo,
  LossReason,
  RunFailure,
  Unkept,
  WorkerEvent,
} from '../../protocol/events.ts';

export type AdapterState =
  /** There is no engine yet that could ask for one, or it did not load. */
  | { state: 'unknown' }
  /** `late`: the browser should have answered by now. */
  | { state: 'probing'; late?: boolean }
  | { state: 'none' | 'no-adapter'; message: string }
  /** `lost`: there was a device, but it was lost again and again. */
  | { state: 'no-device'; message: string; info: AdapterInfo; lost?: boolean }
  | { state: 'ready'; info: AdapterInfo };

/** What started the engine told about the model that it built. */
export type ModelFacts = Pick<
  Extract<WorkerEvent, { type: 'started' }>,
  'parameters' | 'flopsPerStep' | 'engineBytes' | 'pipelines' | 'dispatches'
>;

/** Where the run is; `idle` when there is none. */
export type RunPhase =
  | { name: 'idle' }
  | { name: 'compiling'; done: number; total: number }
  | { name: 'training' }
  | { name: 'paused' }
  | { name: 'done' }
  /** `rewindStep`: where the run could go back to; null when there is no such state. */
  | { name: 'diverged'; step: number; lastFiniteStep: number; rewindStep: number | null; message: string }
  /** `waits`: whether the run stood still. */
  | { name: 'lost'; reason: LossReason; message: string; waits: boolean }
  | { name: 'failed'; failure: RunFailure };

export const COMPILING: RunPhase = { name: 'compiling', done: 0, total: 0 };

export interface TextSample {
  step: number;
  prompt: Uint8Array;
  bytes: Uint8Array;
  done: boolean;
}

export interface Download {
  receivedBytes: number;
  totalBytes: number | null;
  bytesPerSecond: number;
}

/** Which run one is that was not begun on this page, or not now. */
export interface RunIdentity {
  /** What it was called; left out where nobody knows. */
  name?: string;
  /** Number of the run of this visit that it goes on with. */
  inPlaceOf?: number;
  /** The step up to which it was trained elsewhere; left out where nobody knows of such. */
  elsewhere?: number;
  /** What it began with, if that was not drawn. */
  firstWeights?: FirstWeights;
}

/** A run of this browser that stands still. */
export interface EarlierRun {
  id: string;
  name: string;
  /** What the visitor's own text is called that it learns from; null where that is another. */
  text: string | null;
  config: RunConfig;
  preset: PresetId;
  /** How its settings were changed on the way. */
  since: ReturnType<typeof changedSince>;
  firstWeights?: FirstWeights;
  step: number;
  /** Of its last validation, in bits per byte; null when there was none. */
  bpb: number | null;
  /** Milliseconds since 1970. */
  keptAt: number;
  /** Number of the run of this visit that it is; left out for one that this visit has not had. */
  inPlaceOf?: number;
}

/** All that the worker has told, but for the curves: those change too often for a store. */
export interface RunState {
  adapter: AdapterState;
  /** How fast the adapter was when nothing else ran; null until that has been measured. */
  speed: AdapterSpeed | null;
  /**
   * The kernel variants of the adapter, which had to be replaced, which were faster but rounded otherwise, what is wrong by all of
   * them, and whether all that was found on an earlier visit; null until there was a run.
   */
  kernels: Omit<Extract<WorkerEvent, { type: 'kernels' }>, 'type'> | null;
  corpus: CorpusInfo | null;
  /** Number of the text that was asked for last: answers to earlier ones may still arrive. */
  textRequest: number;
  /** That text, until it is there or is known not to come. */
  loading: DatasetId | null;
  corpusFailure: { dataset: DatasetId; message: string } | null;
  download: Download | null;
  runId: number;
  /** Configuration of the run; null when there is none. */
  config: RunConfig | null;
  /** What its form counted from when it began; says nothing while there is none. */
  preset: PresetId;
  /** The text that it learns from, whatever text is loaded by now; null when there is no run. */
  runCorpus: CorpusInfo | null;
  /** Of a run that was kept or came with a file; null for one that was begun here. */
  adopted: RunIdentity | null;
  /** The file of those that it is to begin with, and of which model; null where they are drawn, and for one that goes on. */
  begunWith: ChosenWeights | null;
  /** The weights that it began with, once that is known; null where they were drawn. */
  firstWeights: FirstWeights | null;
  /** All that it takes to go on with the run after a step, should its device be lost; null until there is that. */
  kept: { step: number; file: Blob } | null;
  /** Why the run is not kept in the browser, once that is known; null while it is. */
  unkept: Unkept | { why: 'storage'; message: string } | null;
  /** Whether one of the runs that are kept in the browser is being fetched, to take the place of the present one. */
  taking: boolean;
  /** Runs that are kept in the browser and can go on, the newest first. */
  earlier: readonly EarlierRun[];
  /** The one that was given up last, while it can be brought back. */
  givenUp: Pick<EarlierRun, 'id' | 'name'> | null;
  /** Why one of those could not be had after all; null when there is nothing to say. */
  untaken: { name: string; why: string } | null;
  /** The run of a file, which can go on; `text` is the name of what it was trained on. */
  runFile: {
    name: string;
    runName: string;
    config: RunConfig;
    preset: PresetId;
    since: EarlierRun['since'];
    step: number;
    text: string;
    /** Last step of its curve, 0 without one. */
    curveEnd: number;
    /** Whether the file holds nothing of Adam. */
    isModelAlone: boolean;
    /** Whether it cannot go on, because its text is not open. */
    isTextMissing: boolean;
  } | null;
  /** Why a file could not be opened as a run. */
  runFileFailure: string | null;
  phase: RunPhase;
  /** That its losses have blown up; null while they have not, and where the visitor wants to hear no more of it. */
  blowUp: BlowUp | null;
  model: ModelFacts | null;
  /** The run that came with the page, while it is what the charts show; null once there is a run of one's own. */
  recorded: RecordedRun | null;
  /** Whether that run may still come: its file has not been read yet. */
  awaitsRecorded: boolean;
  /** Newest first. */
  samples: readonly TextSample[];
}

/** What is known of a run while there is none. */
export const WITHOUT_RUN = {
  config: null,
  runCorpus: null,
  adopted: null,
  begunWith: null,
  firstWeights: null,
  kept: null,
  unkept: null,
  phase: { name: 'idle' },
  blowUp: null,
  model: null,
  recorded: null,
  samples: [],
} satisfies Partial<RunState>;

export const initialRunState: RunState = {
  ...WITHOUT_RUN,
  preset: DEFAULT_PRESET,
  adapter: { state: 'unknown' },
  speed: null,
  kernels: null,
  corpus: null,
  textRequest: 0,
  loading: null,
  corpusFailure: null,
  download: null,
  runId: 0,
  taking: false,
  earlier: [],
  givenUp: null,
  untaken: null,
  runFile: null,
  runFileFailure: null,
  awaitsRecorded: true,
};

const KEPT_SAMPLES = 6;
/** Events that change the phase of a run, but for the loss of its device. */
const OF_PHASES: ReadonlySet<WorkerEvent['type']> = new Set<WorkerEvent['type']>([
  'compiling',
  'started',
  'resumed',
  'paused',
  'done',
  'diverged',
  'failed',
  'crashed',
]);
const STANDING: ReadonlySet<RunPhase['name']> = new Set(['paused', 'diverged']);

/** Samples with one more, which replaces an unfinished one of the same step. */
function withSample(samples: readonly TextSample[], sample: TextSample): readonly TextSample[] {
  const older = samples.filter((known) => known.step !== sample.step);
  return [sample, ...older].slice(0, KEPT_SAMPLES);
}

/** Those that the model of a step, or of one before, has written. */
export function samplesUpTo(samples: readonly TextSample[], step: number): readonly TextSample[] {
  return samples.filter((sample) => sample.step <= step);
}

/**
 * State after an event of the worker. What an earlier run still had to say changes nothing, but that the device is lost;
 * once it is, what was under way may still tell of its progress, or fail for that reason.
 */
export function reduceRun(state: RunState, event: WorkerEvent): RunState {
  if ('runId' in event && event.type !== 'lost' && event.runId !== state.runId) return state;
  if (state.phase.name === 'lost' && OF_PHASES.has(event.type)) return state;
  switch (event.type) {
    case 'adapter': {
      const { type: _, ...adapter } = event;
      return { ...state, adapter };
    }
    case 'calibration':
      return { ...state, speed: event.speed };
    case 'kernels': {
      const { type: _, ...kernels } = event;
      return { ...state, kernels };
    }
    case 'corpus':
      if (state.textRequest !== event.requestId) return state;
      return { ...state, corpus: event.info, loading: null, corpusFailure: null, download: null };
    case 'corpus-failed':
      if (state.textRequest !== event.requestId) return state;
      return {
        ...state,
        loading: null,
        download: null,
        corpusFailure: { dataset: event.dataset, message: event.message },
      };
    case 'download': {
      if (state.textRequest !== event.requestId) return state;
      const { receivedBytes, totalBytes, bytesPerSecond } = event;
      return { ...state, download: { receivedBytes, totalBytes, bytesPerSecond } };
    }
    case 'compiling':
      return { ...state, phase: { name: 'compiling', done: event.done, total: event.total } };
    case 'started': {
      const { parameters, flopsPerStep, engineBytes, pipelines, dispatches } = event;
      const model = { parameters, flopsPerStep, engineBytes, pipelines, dispatches };
      const { firstWeights = null } = event;
      return { ...state, phase: { name: 'training' }, blowUp: null, model, firstWeights };
    }
    case 'resumed':
      return { ...state, phase: { name: 'training' } };
    case 'paused':
      return { ...state, phase: { name: 'paused' } };
    case 'done':
      return { ...state, phase: { name: 'done' } };
    case 'diverged': {
      const { step, lastFiniteStep, rewindStep, message } = event;
      return { ...state, phase: { name: 'diverged', step, lastFiniteStep, rewindStep, message }, blowUp: null };
    }
    case 'lost':
      // Without a run nobody has lost anything.
      if (state.phase.name === 'idle') return state;
      return {
        ...state,
        phase: { name: 'lost', reason: event.reason, message: event.message, waits: STANDING.has(state.phase.name) },
      };
    case 'kept': {
      const { step, file } = event;
      return { ...state, kept: { step, file }, unkept: state.unkept?.why === 'memory' ? null : state.unkept };
    }
    case 'unkept':
      return { ...state, unkept: event.cause };
    case 'blown-up':
      return { ...state, blowUp: event.blowUp };
    case 'rewound': {
      // What was kept of the steps that are undone is of no use.
      const kept = state.kept && state.kept.step > event.step ? null : state.kept;
      return { ...state, kept, blowUp: null, samples: samplesUpTo(state.samples, event.step) };
    }
    case 'failed':
      return { ...state, phase: { name: 'failed', failure: event.failure } };
    case 'crashed': {
      // Nobody is left who would answer.
      const adapter: AdapterState = state.adapter.state === 'probing' ? { state: 'unknown' } : state.adapter;
      return { ...state, adapter, phase: { name: 'failed', failure: { kind: 'internal', message: event.message } } };
    }
    case 'sample':
      return event.requestId === 0 ? { ...state, samples: withSample(state.samples, event) } : state;
    case 'peek':
    case 'inspection':
    case 'inspection-failed':
    case 'attention-row':
    case 'adjusted':
    case 'metrics':
    case 'validation':
    case 'scoring':
    case 'scored':
    case 'score-failed':
    case 'sample-failed':
    case 'reset':
      return state;
  }
}

/** What `<main>` says as `data-state`. */
export type PageState =
  | 'boot'
  | 'probing'
  | 'none'
  | 'no-adapter'
  | 'limits'
  | 'software'
  | 'ready'
  | Exclude<RunPhase['name'], 'idle'>;

/** A run's phase where there is one, else what the adapter allows. */
export function pageState({ adapter, phase }: Pick<RunState, 'adapter' | 'phase'>): PageState {
  if (phase.name !== 'idle') return phase.name;
  switch (adapter.state) {
    case 'unknown':
      return 'boot';
    case 'no-device':
      return 'limits';
    case 'ready':
      return adapter.info.software ? 'software' : 'ready';
    case 'probing':
    case 'none':
    case 'no-adapter':
      return adapter.state;
  }
}

/** Whether a run holds the GPU and can go on. */
export function isActive(phase: RunPhase): boolean {
  return phase.name === 'compiling' || phase.name === 'training' || phase.name === 'paused';
}

/** Whether a run was cut off: its device is lost, or its worker is of no use any more. */
export function isCutOff(phase: RunPhase): boolean {
  return phase.name === 'lost' || (phase.name === 'failed' && phase.failure.kind === 'internal');
}

/** Whether a run can still come to its end: it holds the GPU, or was cut off and can begin again. */
export function isUnderWay(phase: RunPhase): boolean {
  return isActive(phase) || isCutOff(phase);
}

/** The step to which a run that went wrong could go back; null for one that did not, and without such a state. */
export function rewindStep({ phase, blowUp }: Pick<RunState, 'phase' | 'blowUp'>): number | null {
  if (phase.name === 'diverged') return phase.rewindStep;
  return phase.name === 'training' || phase.name === 'paused' || phase.name === 'done'
    ? (blowUp?.rewindStep ?? null)
    : null;
}
