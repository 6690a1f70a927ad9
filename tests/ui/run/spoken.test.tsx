import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { NoCapture } from '../../../src/ui/attention/NoCapture.tsx';
import { CollapseNote } from '../../../src/ui/run/CollapseNote.tsx';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { NoModel } from '../../../src/ui/text/NoModel.tsx';
import { plausibleMetrics } from '../support/fake-worker.ts';
import { markup, READY } from '../support/render.tsx';

// A screen reader reads a live region out each time that it says something else.

test('how many shaders are compiled is no news for each of them', () => {
  const state = { ...READY, phase: { name: 'compiling' as const, done: 3, total: 40 } };
  for (const html of [markup(<NoModel />, state), markup(<NoCapture />, state)]) {
    expect(html).toContain('3 of 40 shaders');
    expect(html).not.toContain('role="status"');
  }
});

test('a collapse is news, its newest spread is none', () => {
  const config = presetConfig('quick');
  const metrics = new RunMetrics();
  const batch = plausibleMetrics(1, config, 1, 20, 10);
  metrics.append({ ...batch, ar: [null, batch.step.map(() => 0.01)] }, config.model);
  metrics.appendValidation(20, 3, [null, 0.02]);
  const html = markup(<CollapseNote />, { ...READY, config }, 'p=quick', { metrics });
  expect(html).toContain('spread 0.02');
  expect(/<(\w+) role="status">(.*?)<\/\1>/.exec(html)?.[2]).toBe(
    '<strong>4× collapsed:</strong> tokens are all alike',
  );
});
