import { describe, expect, it } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { longerRun } from '../../../src/ui/state/longer-run.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { gpuAdapter, mobyDick } from '../support/fake-worker.ts';

const configOf = (query: string) => decodeQuery(query).config;

function through(query: string, changes: Partial<RunState> = {}): RunState {
  const config = configOf(query);
  return {
    ...initialRunState,
    adapter: { state: 'ready', info: gpuAdapter },
    corpus: { ...mobyDick },
    runCorpus: mobyDick,
    config,
    phase: { name: 'done' },
    kept: { step: config.training.steps, file: new Blob() },
    ...changes,
  };
}

const extended = (run: RunState, query: string) => longerRun(run, { config: configOf(query), drafts: {} });

describe('a run that is through', () => {
  it('can go on to more steps of the same', () => {
    expect(extended(through('p=micro&st=300'), 'p=micro&st=600')).toEqual(configOf('p=micro&st=600'));
  });

  it.each([
    ['as many steps', 'p=micro&st=300'],
    ['fewer', 'p=micro&st=200'],
    ['another batch besides', 'p=micro&st=600&b=5'],
    ['another learning rate besides', 'p=micro&st=600&lr=1e-3'],
  ])('cannot go on to %s', (_what, query) => {
    expect(extended(through('p=micro&st=300'), query)).toBeNull();
  });

  it('cannot while the form could not start a run', () => {
    const drafts = { steps: { text: '6oo', error: 'no number' } };
    expect(longerRun(through('p=micro&st=300'), { config: configOf('p=micro&st=600'), drafts })).toBeNull();
  });

  it('cannot where its learning rate fell towards the old end', () => {
    expect(configOf('p=micro&st=300&sc=cosine').training.schedule).toBe('cosine');
    expect(extended(through('p=micro&st=300&sc=cosine'), 'p=micro&st=600&sc=cosine')).toBeNull();
  });

  it.each<[string, Partial<RunState>]>([
    ['is not through', { phase: { name: 'paused' } }],
    ['was not kept at its end', { kept: { step: 250, file: new Blob() } }],
    ['was not kept', { kept: null }],
    ['learned from another text', { runCorpus: { ...mobyDick, sha256: 'another' } }],
  ])('cannot when it %s', (_what, changes) => {
    expect(extended(through('p=micro&st=300', changes), 'p=micro&st=600')).toBeNull();
  });
});
