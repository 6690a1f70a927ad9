import { encodeQuery } from '../../config/codec/encode.ts';
import type { PresetId } from '../../config/presets.ts';
import type { RunConfig } from '../../config/types.ts';
import { haveSameText } from '../../comparison/same-bytes.ts';
import type { Described, RunText } from '../../comparison/same-bytes.ts';
import { isUnderWay } from './run-state.ts';
import type { RunState } from './run-state.ts';
import { startBlocker } from './start-blocker.ts';
import type { Beginning } from './start-blocker.ts';

/** A run that is to be trained once those before it are through. */
export interface QueuedRun {
  config: RunConfig;
  /** What its form counted from. */
  preset: PresetId;
  /** The text that it was queued with; it is trained on no other. */
  text: RunText;
  /** What it is called, where somebody has said that: it is pinned then, to be seen beside others of its comparison. */
  name?: string;
}

/** What decides whether a run can begin: the adapter, and the text that is loaded. */
export type Readiness = Pick<RunState, 'adapter' | 'corpus' | 'loading'>;

/** Why a run of these settings on this text cannot begin now, as a sentence; null when it can. */
export function whyNotNow(run: Described, page: Readiness): string | null {
  const { config, text } = run;
  const { corpus, loading } = page;
  const loaded = corpus && { config: { ...config, dataset: corpus.dataset }, text: corpus };
  if (loading === null && (loaded === null || !haveSameText(run, loaded)))
    return `Its text${text ? `, ${text.name},` : ''} is not open: open it under Data.`;
  const blocker = startBlocker({ config, drafts: {} }, page);
  return blocker?.message ?? blocker?.reason ?? null;
}

/** So many find room in the list of runs beside as many that were there before. */
const MOST_WAITING = 10;

/** Why so many more runs cannot wait, as a sentence; null when they can. */
export function whyNoRoom(waiting: readonly QueuedRun[], count: number): string | null {
  return waiting.length + count > MOST_WAITING ? `At most ${MOST_WAITING} runs can wait.` : null;
}

/** Why what the form holds cannot wait for its turn, as a sentence; null when it can. */
export function whyNotAdded(
  form: Beginning,
  run: Readiness & Pick<RunState, 'phase' | 'config' | 'runCorpus' | 'begunWith' | 'firstWeights'>,
  waiting: readonly QueuedRun[],
): string | null {
  const blocker = startBlocker(form, run);
  if (blocker !== null) return blocker.reason;
  if (form.weights) return 'Runs that wait begin with drawn weights: choose those in the form.';
  const described = { config: form.config, text: run.corpus };
  if (!haveSameText(described, described)) return 'The text cannot be told from others.';
  const isSame = ({ config, text }: Described): boolean =>
    encodeQuery(config) === encodeQuery(form.config) && haveSameText({ config, text }, described);
  const isDrawn = run.begunWith === null && run.firstWeights === null;
  if (isUnderWay(run.phase) && isDrawn && run.config !== null && isSame({ config: run.config, text: run.runCorpus }))
    return 'That is the present run.';
  return waiting.some(isSame) ? 'It waits already.' : whyNoRoom(waiting, 1);
}
