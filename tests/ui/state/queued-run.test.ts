import { expect, test, vi } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { withTraining } from '../../../src/config/problem.ts';
import * as rules from '../../../src/config/problems.ts';
import { whyNotAdded, whyNotNow } from '../../../src/ui/state/queued-run.ts';
import type { Readiness } from '../../../src/ui/state/queued-run.ts';
import { gpuAdapter, mobyDick } from '../support/fake-worker.ts';

vi.mock('../../../src/config/problems.ts', { spy: true });

const text = { name: mobyDick.name, sha256: mobyDick.sha256 };
const config = presetConfig('micro');
const page: Readiness = { adapter: { state: 'ready', info: gpuAdapter }, corpus: mobyDick, loading: null };

test('the rules are asked once why a run cannot begin, and say it in their words', () => {
  const asked = vi.mocked(rules.problems);
  expect(whyNotNow({ config, text }, page)).toBeNull();
  expect(asked).toHaveBeenCalledTimes(1);
  asked.mockClear();
  const broken = withTraining(config, { batchSize: 0 });
  const [{ message }] = rules.problems(broken);
  asked.mockClear();
  expect(whyNotNow({ config: broken, text }, page)).toBe(message);
  expect(asked).toHaveBeenCalledTimes(1);
});

test('where there is no adapter that is why, whatever else is wrong', () => {
  const broken = withTraining(config, { batchSize: 0 });
  expect(whyNotNow({ config: broken, text }, { ...page, adapter: { state: 'probing' } })).toBe('Looking for a GPU.');
});

test('what the form holds waits where it could begin, its text can be known again, and there is room', () => {
  const present = {
    ...page,
    phase: { name: 'idle' },
    config: null,
    runCorpus: null,
    begunWith: null,
    firstWeights: null,
  } as const;
  const waiting = Array.from(
    { length: 10 },
    (_, seed) => ({ config: withTraining(config, { seed }), preset: 'micro', text }) as const,
  );
  const form = { config: withTraining(config, { seed: 99 }), drafts: {} };
  expect(whyNotAdded(form, present, waiting.slice(1))).toBeNull();
  expect(whyNotAdded(form, present, waiting)).toBe('At most 10 runs can wait.');
  expect(whyNotAdded(form, { ...present, adapter: { state: 'probing' } }, [])).toBe('Looking for a GPU.');
  const own = { config: { ...config, dataset: 'own' as const }, drafts: {} };
  const unknown = { ...mobyDick, dataset: 'own' as const, sha256: null };
  expect(whyNotAdded(own, { ...present, corpus: unknown }, [])).toBe('The text cannot be told from others.');
  expect(whyNotAdded(own, { ...present, corpus: { ...unknown, sha256: 'mine' } }, [])).toBeNull();
});
