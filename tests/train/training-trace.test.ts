import { expect, test } from 'vitest';
import { presetConfig } from '../../src/config/presets.ts';
import { recordLayout } from '../../src/model/losses.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { tracePreset } from '../support/trace-preset.ts';

const { update } = tracePreset('two', TUNINGS.gpu);

function paramsOf(entry: string): Readonly<Record<string, number>> {
  return update.dispatches.find(({ kernel }) => kernel.entry.name === entry)!.params;
}

test('an update looks at every loss of its step for what is not finite, and at nothing else of the record', () => {
  const { ce, recon, ar, gradNorm, nonFinite } = recordLayout(presetConfig('two').model);
  const { first_loss: first, losses, norm_index: norm, flag_index: flag } = paramsOf('begin_update');
  const looked = Array.from({ length: losses }, (_, i) => first + i);
  expect(looked).toEqual([ce, ...recon, ...ar].filter((index) => index !== null).toSorted((a, b) => a - b));
  expect(looked.length).toBeGreaterThan(2);
  expect([norm, flag]).toEqual([gradNorm, nonFinite]);
});

test('an update is one of Adam with the usual numbers', () => {
  const { beta1, beta2, epsilon } = paramsOf('update');
  expect([beta1, beta2, epsilon]).toEqual([0.9, 0.999, 1e-8]);
});
