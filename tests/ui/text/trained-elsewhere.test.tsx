import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { OpenTrained } from '../../../src/ui/run/OpenTrained.tsx';
import { KeptRunNotices } from '../../../src/ui/run/KeptRunNotices.tsx';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { NoModel } from '../../../src/ui/text/NoModel.tsx';
import { TrainedElsewhere } from '../../../src/ui/text/TrainedElsewhere.tsx';
import { mobyDick, plausibleMetrics } from '../support/fake-worker.ts';
import { markup, READY, shown } from '../support/render.tsx';

const { config } = decodeQuery('p=micro');

/** What a run has measured up to a step. */
function metricsUpTo(step: number): RunMetrics {
  const metrics = new RunMetrics();
  metrics.append(plausibleMetrics(1, config, 1, step, 100), config.model);
  return metrics;
}

test('a model is told from one that was trained here, also where it has trained on since', () => {
  const run = { ...READY, config, runCorpus: mobyDick };
  const elsewhere = { ...run, adopted: { elsewhere: 20 } };
  expect(shown(<TrainedElsewhere />, elsewhere, '', { metrics: metricsUpTo(20) })).toBe(
    'Trained elsewhere, for 20 steps on Moby Dick.',
  );
  expect(shown(<TrainedElsewhere />, elsewhere, '', { metrics: metricsUpTo(21) })).toBe(
    'Trained elsewhere, for 20 steps on Moby Dick, and here from then on.',
  );
  for (const adopted of [null, { name: 'calm owl' }])
    expect(markup(<TrainedElsewhere />, { ...run, adopted }, '', { metrics: metricsUpTo(20) })).toBe('');
});

test('the trained model says what it is, and how much of it has come', () => {
  expect(shown(<OpenTrained />, READY)).toMatch(
    /^Open a trained modelquick, trained for [\d,]+ steps on Moby Dick, 2\.\d+ MB$/,
  );
  expect(shown(<OpenTrained />, READY, '', { trained: { received: 1_200_000 } })).toMatch(
    /^Open a trained model1\.20 MB of 2\.\d+ MB have come\.$/,
  );
  expect(shown(<OpenTrained inline />, READY)).toMatch(/^Open a trained model \(2\.\d+ MB\)$/);
});

test('it is offered where there is no model, on a GPU that is there', () => {
  expect(shown(<NoModel />, READY)).toContain('Open a trained model');
  expect(markup(<OpenTrained />, { ...READY, adapter: { state: 'probing' } })).toContain('disabled');
  expect(markup(<OpenTrained />, { ...READY, adapter: { state: 'none', message: '' } })).toBe('');
  const lost = { name: 'lost' as const, reason: 'unknown' as const, message: '', waits: false };
  expect(shown(<NoModel />, { ...READY, phase: lost })).not.toContain('Open a trained model');
});

test('where it cannot be opened the page says why, and two ways on', () => {
  const text = shown(<KeptRunNotices />, READY, '', {
    trained: { failure: 'a.safetensors: the server answered 404.' },
  });
  expect(text).toContain('could not be openeda.safetensors: the server answered 404. A model can be trained here');
  expect(text).toContain('Try again');
});

test('a file of a model alone says that Adam begins anew', () => {
  const offer = { name: 'a.safetensors', runName: 'calm owl', config, preset: 'micro' as const, since: new Map() };
  const runFile = { ...offer, step: 9, text: 'Moby Dick', curveEnd: 9, isModelAlone: true, isTextMissing: false };
  const says = 'It holds the model alone: where it trains on, Adam begins anew.';
  expect(shown(<KeptRunNotices />, { ...READY, runFile })).toContain(says);
  expect(shown(<KeptRunNotices />, { ...READY, runFile: { ...runFile, isModelAlone: false } })).not.toContain(says);
});
