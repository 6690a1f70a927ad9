import { beforeEach, expect, test, vi } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { hotSettings } from '../../../src/config/hot-settings.ts';
import { NoAdapterNotice } from '../../../src/ui/run/AdapterNotices.tsx';
import { LiveStatus } from '../../../src/ui/run/LiveStatus.tsx';
import { StateNotice } from '../../../src/ui/run/StateNotice.tsx';
import { Transport } from '../../../src/ui/run/Transport.tsx';
import { TrainOne } from '../../../src/ui/run/TrainOne.tsx';
import type { RunFailure } from '../../../src/protocol/events.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { gpuAdapter, mobyDick } from '../support/fake-worker.ts';
import { markup, READY, shown } from '../support/render.tsx';

beforeEach(() => {
  const browser = { navigator: { userAgent: '', hardwareConcurrency: 2 }, isSecureContext: true, devicePixelRatio: 1 };
  for (const [name, value] of Object.entries(browser)) vi.stubGlobal(name, value);
  return () => vi.unstubAllGlobals();
});

test('that the GPU was lost for good stands above every tab, and once', () => {
  const message = 'It was lost three times within a minute.';
  const adapter = { state: 'no-device' as const, message, info: gpuAdapter };
  expect(shown(<StateNotice />, { ...READY, adapter })).toBe('');
  expect(markup(<NoAdapterNotice />, { ...READY, adapter })).toContain('too small or cannot be opened');

  const lost: Partial<RunState> = { ...READY, adapter: { ...adapter, lost: true } };
  expect(shown(<StateNotice />, lost)).toContain(
    `The GPU was lost${message} No run was under way, and what is kept stays.`,
  );
  expect(shown(<NoAdapterNotice />, lost)).toBe('');
});

test('that a GPU computes wrong results is said before what was replaced on it', () => {
  const kernels = { variants: '', replaced: ['Attention differs.'], passedOver: [], wrong: [], remembered: false };
  expect(shown(<StateNotice />, { ...READY, kernels })).toContain('Some kernels are wrong on this GPU');

  const wrong = ['A training step with known results comes out otherwise.'];
  const both = shown(<StateNotice />, { ...READY, kernels: { ...kernels, wrong } });
  expect(both).toContain(`This GPU computes wrong results${wrong[0]} What it trains may be worth nothing.`);
  expect(both).not.toContain('Some kernels');
});

test('of a run that lost its GPU it is said what happened, what is kept, and what to do', () => {
  const lost: Partial<RunState> = {
    ...READY,
    phase: { name: 'lost', reason: 'unknown', message: 'The driver was reset.', waits: false },
  };
  const kept = { step: 1200, file: new Blob() };
  const fresh = shown(<StateNotice />, lost);
  expect(fresh).toContain('The browser says: “The driver was reset.”');
  const silent = {
    name: 'lost',
    reason: 'no-answer',
    message: 'It has not answered for 60 seconds.',
    waits: false,
  } as const;
  expect(shown(<StateNotice />, { ...lost, phase: silent })).toContain(
    'needed it. It has not answered for 60 seconds.',
  );
  expect(fresh).toContain('Nothing of the run was kept, so what it had learned is gone; its settings are still there.');
  expect(fresh).toContain('Restart the run');

  const again = shown(<StateNotice />, { ...lost, kept });
  expect(again).toContain('It was lost three times within a minute, so the page no longer goes on by itself.');
  expect(again).toContain('The run is kept as it was at step 1,200, also when this page is closed.');
  expect(again).toContain('Go on from step 1,200');

  const adapter = { state: 'no-adapter' as const, message: '' };
  const gone = shown(<StateNotice />, { ...lost, kept, adapter, unkept: { why: 'storage', message: 'full' } });
  expect(gone).toContain('It was lost, and there is no other. The driver was reset.');
  expect(gone).toContain('but only while this page is open: Share saves it as a file.');
  expect(gone).not.toContain('three times');
});

test('a run that lost its GPU can be left for what the form holds by now, where that is something else', () => {
  const { config } = decodeQuery('p=micro');
  const lost: Partial<RunState> = {
    ...READY,
    config,
    phase: { name: 'lost', reason: 'unknown', message: '', waits: false },
  };
  expect(shown(<Transport />, lost, 'p=micro&b=2')).toBe('RestartStepResetRestart with changes');
  expect(shown(<Transport />, lost, 'p=micro')).toBe('RestartStepReset');
});

test('remedies are for the run that went wrong, whatever the form describes', () => {
  const { config } = decodeQuery('b=64&cx=32');
  const failure: RunFailure = { kind: 'out-of-memory', message: '' };
  const failed: Partial<RunState> = { ...READY, config, phase: { name: 'failed', failure } };
  expect(shown(<StateNotice />, failed, 'b=2')).toContain('Use batch 32 and train again');
  const phase = { name: 'diverged', step: 8, lastFiniteStep: 7, rewindStep: 5, message: '' } as const;
  const untouched = { controller: { settingsBefore: () => null } };
  expect(shown(<StateNotice />, { ...failed, phase }, 'lr=1e-5', untouched)).toContain(
    'Use learning rate 1e-3 from step 5 on',
  );
});

test('a tab that needs a model sends to that notice, and offers no button that would do nothing', () => {
  const lost: Partial<RunState> = { ...READY, phase: { name: 'lost', reason: 'unknown', message: '', waits: false } };
  expect(markup(<TrainOne />, lost)).toBe('<p class="hint">The GPU was lost. The notice above says how to go on.</p>');
});

test('a run that could not go on for want of its text is not told that the text is at fault', () => {
  const failure: RunFailure = { kind: 'data', message: 'The download of its text was cancelled.' };
  const failed: Partial<RunState> = { ...READY, phase: { name: 'failed', failure }, runCorpus: mobyDick };
  expect(shown(<StateNotice />, failed)).toContain('The text cannot be trained on');
  expect(shown(<StateNotice />, { ...failed, kept: { step: 20, file: new Blob() } })).toContain(
    'The run could not go onThe download of its text was cancelled.Go on from step 20',
  );
  const model = { parameters: 1, flopsPerStep: 1, engineBytes: 1, pipelines: 1, dispatches: 1 };
  expect(shown(<StateNotice />, { ...failed, model })).toContain('was cancelled.Restart the run');
});

test('an engine that fails without a run is loaded again, and trains nothing that nobody asked for', () => {
  const failure: RunFailure = { kind: 'internal', message: 'The worker could not be loaded.' };
  const failed: Partial<RunState> = { ...READY, adapter: { state: 'unknown' }, phase: { name: 'failed', failure } };
  expect(shown(<StateNotice />, failed)).toBe('The engine did not loadThe worker could not be loaded.Load it again');
  expect(shown(<StateNotice />, { ...failed, adapter: READY.adapter })).toContain(
    'Something went wrong in the engineThe worker could not be loaded.Load it again',
  );
  const { config } = decodeQuery('p=micro');
  expect(shown(<StateNotice />, { ...failed, config })).toContain('Restart the run');

  // Neither the button nor what is read out speaks of a run that never was.
  expect(shown(<Transport />, failed)).not.toContain('Train again');
  expect(shown(<Transport />, { ...failed, config })).toContain('Train again');
  expect(shown(<LiveStatus />, failed)).toBe('The engine failed. The worker could not be loaded.');
  expect(shown(<LiveStatus />, { ...failed, config })).toContain('Training failed.');
});

test('a browser that does not answer about its GPU is told of on every tab', () => {
  const silent = (late?: boolean): string => shown(<StateNotice />, { ...READY, adapter: { state: 'probing', late } });
  expect(silent()).toBe('');
  expect(silent(true)).toContain('The browser does not answer about its GPUClose other tabs that train');
});

test('a run whose losses have blown up says so while it trains on, and offers the way back first', () => {
  const { config } = decodeQuery('lr=3');
  const blowUp = { wellUntil: 1730, best: 3.214, rewindStep: 1730 };
  const blownUp: Partial<RunState> = { ...READY, phase: { name: 'training' }, config, blowUp };
  const settingsBefore = () => ({ ...hotSettings(config), learningRate: 3e-3 });
  const notice = shown(<StateNotice />, blownUp, 'lr=3', { controller: { settingsBefore } });
  expect(notice).toContain('Since step 1,731 it stays far above the 3.21 bits per byte');
  expect(notice).toContain(
    'Back to before step 1,731, with learning rate 3e-3Use learning rate 1e-3 from step 1,730 onLeave it so',
  );

  const untouched = { controller: { settingsBefore: () => null } };
  expect(shown(<StateNotice />, blownUp, 'lr=3', untouched)).toContain('Use learning rate 1 from step 1,730 onLeave');
  const large = { ...blownUp, blowUp: { ...blowUp, rewindStep: null } };
  expect(shown(<StateNotice />, large, 'lr=3', untouched)).toContain(
    'go back to.Use learning rate 1 and train againLeave',
  );
});
