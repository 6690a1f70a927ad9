import { adapterLimits, problems } from '../../config/problems.ts';
import type { AdapterLimits, Problem } from '../../config/problems.ts';
import { requiredTextBytes, tooShort } from '../../text/text-length.ts';
import { exact } from '../format/quantity.ts';
import { misfit } from '../../config/weights-fit.ts';
import type { ConfigState } from './config-store.ts';
import { shorterContext } from './remedies.ts';
import type { AdapterState, RunState } from './run-state.ts';

export function limitsOf(adapter: AdapterState): AdapterLimits | undefined {
  return adapter.state === 'ready' ? adapterLimits(adapter.info.limits, adapter.info) : undefined;
}

/** What the rules have to say about the form, on this adapter. */
export function configProblems({ config }: Pick<ConfigState, 'config'>, adapter: AdapterState): Problem[] {
  return problems(config, limitsOf(adapter));
}

/** What a run would be begun with; without weights, or null for them, they are drawn. */
export type Beginning = Pick<ConfigState, 'config' | 'drafts'> & Partial<Pick<ConfigState, 'weights'>>;

/** Why a run cannot start, as a sentence, and the control to go to where there is one; null when it can. */
export interface Blocker {
  reason: string;
  control: string | null;
  /** What the first rule says that settings break, where that is why. */
  message?: string;
}

export function startBlocker(form: Beginning, run: Pick<RunState, 'adapter' | 'corpus' | 'loading'>): Blocker | null {
  return (
    adapterBlocker(run.adapter) ?? formBlocker(form, run.adapter) ?? weightsBlocker(form) ?? corpusBlocker(form, run)
  );
}

function adapterBlocker(adapter: AdapterState): Blocker | null {
  switch (adapter.state) {
    case 'ready':
      return null;
    case 'unknown':
      return { reason: 'The engine is not loaded.', control: null };
    case 'probing':
      return { reason: 'Looking for a GPU.', control: null };
    case 'none':
      return { reason: 'This browser has no WebGPU.', control: null };
    case 'no-adapter':
      return { reason: 'The browser offers no GPU adapter.', control: null };
    case 'no-device':
      return { reason: 'The GPU adapter cannot be used.', control: null };
  }
}

function formBlocker(form: Pick<ConfigState, 'config' | 'drafts'>, adapter: AdapterState): Blocker | null {
  const errors = configProblems(form, adapter).filter(({ severity }) => severity === 'error');
  const controls = [...Object.keys(form.drafts), ...errors.map(({ control }) => control)];
  if (controls.length === 0) return null;
  const count = controls.length === 1 ? 'One setting needs' : `${controls.length} settings need`;
  return { reason: `${count} attention before training.`, control: controls[0], message: errors.at(0)?.message };
}

/** What says in the form which weights the next run begins with, and is gone to like a control. */
export const FIRST_WEIGHTS = 'first weights';

function weightsBlocker({ config, weights }: Beginning): Blocker | null {
  if (!weights || misfit(weights.model, config.model) === null) return null;
  return { reason: 'The weights to begin with are of another model.', control: FIRST_WEIGHTS };
}

function corpusBlocker(
  { config }: Pick<ConfigState, 'config'>,
  { corpus, loading }: Pick<RunState, 'corpus' | 'loading'>,
): Blocker | null {
  if (loading !== null) return { reason: 'The text is being loaded.', control: 'dataset' };
  if (corpus === null || corpus.dataset !== config.dataset) {
    return { reason: 'Choose a text to train on.', control: 'dataset' };
  }
  const { contextLength } = config.model;
  if (tooShort(corpus, contextLength) === null) return null;
  return {
    reason: `The text is too short: ${exact(corpus.bytes)} of ${exact(requiredTextBytes(contextLength))} bytes.`,
    control: shorterContext(corpus) === null ? 'dataset' : 'contextLength',
  };
}
