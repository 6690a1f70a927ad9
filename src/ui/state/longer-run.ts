import { encodeQuery } from '../../config/codec/encode.ts';
import type { RunConfig } from '../../config/types.ts';
import { isSameText } from './same-text.ts';
import { startBlocker } from './start-blocker.ts';
import type { Beginning } from './start-blocker.ts';
import type { RunState } from './run-state.ts';

type Run = Pick<RunState, 'phase' | 'config' | 'kept' | 'runCorpus' | 'adapter' | 'corpus' | 'loading' | 'begunWith'>;

/**
 * What a run that is through becomes when it trains on to the steps of the form; null unless that is to the bit what it would
 * be had it been so long from the start: the same text and settings, and a learning rate that does not depend on the length.
 */
export function longerRun(run: Run, form: Beginning): RunConfig | null {
  const { phase, config, kept, runCorpus, corpus, begunWith } = run;
  if (phase.name !== 'done' || config === null || kept === null || startBlocker(form, run) !== null) return null;
  // It would begin anew with these.
  if (form.weights && form.weights.file !== begunWith?.file) return null;
  const { steps } = form.config.training;
  if (steps <= config.training.steps || kept.step !== config.training.steps) return null;
  if (config.training.schedule !== 'constant') return null;
  if (runCorpus === null || corpus === null || !isSameText(runCorpus, corpus)) return null;
  const longer = { ...config, training: { ...config.training, steps } };
  return encodeQuery(longer) === encodeQuery(form.config) ? longer : null;
}
