import { expect, test } from 'vitest';
import { hierarchyFields, runFields } from '../../../src/config/fields.ts';
import { isFound } from '../../../src/ui/form/find.ts';
import { groups } from '../../../src/ui/form/groups.ts';
import { synonyms } from '../../../src/ui/form/synonyms.ts';
import { factorControl, hierarchyControls, runControl } from '../../../src/ui/state/controls.ts';

const rate = {
  label: 'Learning rate',
  name: 'learningRate',
  key: 'lr',
  help: 'How far Adam moves the weights in one step.',
};

test('a setting is found by words of its label, its name in messages, and its help, in any order and case', () => {
  for (const search of ['learn', 'RATE', 'rate learning', 'adam', 'learningrate', 'learningRate', '', ' rate ']) {
    expect(isFound(rate, search)).toBe(true);
  }
});

test('a setting without one of the words, or with it only inside another, is not found', () => {
  for (const search of ['batch', 'learning batch', 'ate', 'dam']) expect(isFound(rate, search)).toBe(false);
});

const rows = groups.flatMap(({ fields, more }) => [...fields, ...more]).map(runControl);
const settings = [factorControl(1, 4), ...hierarchyControls(1, 4), ...rows];
const found = (search: string): string[] =>
  settings.filter((control) => isFound(control, search)).map(({ name }) => name.replace('hierarchies[1].', ''));

test.each([
  ['lr', 'learningRate'],
  ['context length', 'contextLength'],
  ['sequence length', 'contextLength'],
  ['seq_len', 'contextLength'],
  ['block size', 'contextLength'],
  ['batch size', 'batchSize'],
  ['batchSize', 'batchSize'],
  ['mlp', 'ffMult'],
  ['wd', 'weightDecay'],
  ['n_head', 'heads'],
  ['d_model', 'dim'],
  ['fp16', 'halfPrecision'],
  ['gradient checkpointing', 'recompute'],
  ['warmup', 'warmupSteps'],
  ['iterations', 'steps'],
])('what others call %s is found', (search, setting) => {
  expect(found(search)).toContain(setting);
  expect(found(search).length).toBeLessThan(settings.length / 4);
});

test('the optimizer is five settings, however it is spelt', () => {
  const five = ['learningRate', 'warmupSteps', 'schedule', 'weightDecay', 'clip'];
  for (const search of ['optimizer', 'optimiser']) expect(found(search)).toEqual(expect.arrayContaining(five));
});

test('synonyms are of settings that there are', () => {
  const names = new Set(['factor', ...[...hierarchyFields, ...runFields].map(({ name }) => name)]);
  expect(Object.keys(synonyms).filter((name) => !names.has(name))).toEqual([]);
});
