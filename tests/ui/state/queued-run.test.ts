import { expect, test, vi } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { withTraining } from '../../../src/config/problem.ts';
import * as rules from '../../../src/config/problems.ts';
import { whyNotNow } from '../../../src/ui/state/queued-run.ts';
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
