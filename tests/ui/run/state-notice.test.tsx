import { beforeEach, expect, test, vi } from 'vitest';
import { NoAdapterNotice } from '../../../src/ui/run/AdapterNotices.tsx';
import { StateNotice } from '../../../src/ui/run/StateNotice.tsx';
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
  expect(shown(<StateNotice />, lost)).toContain(`The GPU was lost${message} Nothing can be trained until`);
  expect(shown(<NoAdapterNotice />, lost)).toBe('');
});

test('a run that could not go on for want of its text is not told that the text is at fault', () => {
  const failure: RunFailure = { kind: 'data', message: 'The download of its text was cancelled.' };
  const failed: Partial<RunState> = { ...READY, phase: { name: 'failed', failure }, runCorpus: mobyDick };
  expect(shown(<StateNotice />, failed)).toContain('The text cannot be trained on');
  expect(shown(<StateNotice />, { ...failed, kept: { step: 20, file: new Blob() } })).toContain(
    'The run could not go onThe download of its text was cancelled.Go on from step 20',
  );
});
