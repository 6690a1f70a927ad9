import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import {
  choosePreset,
  createConfigStore,
  editConfig,
  toggleLink,
  writeControl,
} from '../../../src/ui/state/config-store.ts';
import type { ConfigStore } from '../../../src/ui/state/config-store.ts';
import {
  factorControl,
  hierarchyControls,
  runControl,
  withAddedHierarchy,
  withoutHierarchy,
} from '../../../src/ui/state/controls.ts';
import type { Control } from '../../../src/ui/state/controls.ts';

const open = (): ConfigStore => createConfigStore('quick', presetConfig('quick'), false);

function hierarchyControl(index: number, name: string): Control {
  return hierarchyControls(index, 4).find((control) => control.name === `hierarchies[${index}].${name}`)!;
}

test('a readable text changes the configuration', () => {
  const store = open();

  writeControl(store, runControl('learningRate'), '1e-3');
  writeControl(store, hierarchyControl(1, 'window'), '32');

  expect(store.getState().config.training.learningRate).toBe(0.001);
  expect(store.getState().config.model.hierarchies[1].window).toBe(32);
  expect(store.getState().touched).toBe(true);
});

test('an unreadable text is a draft with its error; the configuration keeps the last good value', () => {
  const store = open();

  writeControl(store, runControl('batchSize'), 'many');

  expect(store.getState().config.training.batchSize).toBe(16);
  expect(store.getState().drafts).toEqual({
    batchSize: { text: 'many', error: 'needs a whole number, 1 to 4,096' },
  });
});

test('a good text, and a preset, put drafts away', () => {
  const store = open();
  writeControl(store, runControl('batchSize'), '');
  writeControl(store, runControl('steps'), '-1');

  writeControl(store, runControl('batchSize'), '8');
  expect(Object.keys(store.getState().drafts)).toEqual(['steps']);

  choosePreset(store, 'two');
  expect(store.getState().drafts).toEqual({});
});

test('a preset replaces all settings but the text', () => {
  const store = open();
  editConfig(store, (config) => ({ ...config, dataset: 'enwik8' }));

  choosePreset(store, 'flat');

  expect(store.getState().config).toEqual({ ...presetConfig('flat'), dataset: 'enwik8' });
  expect(store.getState().preset).toBe('flat');
});

test('a new factor sorts the hierarchies, and every card follows its own without its drafts', () => {
  const store = open();
  writeControl(store, hierarchyControl(1, 'dim'), 'wide');
  const [first, second] = store.getState().cardIds;

  writeControl(store, factorControl(0, 1), '8');

  expect(store.getState().config.model.hierarchies.map(({ factor, dim }) => [factor, dim])).toEqual([
    [4, 96],
    [8, 64],
  ]);
  expect(store.getState().cardIds).toEqual([second, first]);
  expect(store.getState().drafts).toEqual({});
});

test('an added hierarchy takes the next free factor, a card of its own, and leaves the others theirs', () => {
  const store = open();
  const before = store.getState().cardIds;

  editConfig(store, withAddedHierarchy);
  editConfig(store, withAddedHierarchy);

  expect(store.getState().config.model.hierarchies.map(({ factor }) => factor)).toEqual([1, 2, 4, 8]);
  expect([store.getState().cardIds[0], store.getState().cardIds[2]]).toEqual(before);
  expect(new Set(store.getState().cardIds).size).toBe(4);
});

test('removing a hierarchy removes its card and the drafts of cards that have moved', () => {
  const store = open();
  const [, second] = store.getState().cardIds;
  writeControl(store, hierarchyControl(1, 'dim'), 'wide');
  writeControl(store, runControl('steps'), '');

  editConfig(store, (config) => withoutHierarchy(config, 0));

  expect(store.getState().cardIds).toEqual([second]);
  expect(Object.keys(store.getState().drafts)).toEqual(['steps']);
});

test('a control knows the value of the preset, that of a hierarchy by its factor', () => {
  expect(runControl('batchSize').presetText('two')).toBe('8');
  expect(hierarchyControl(0, 'dim').presetText('two')).toBe('128');
  expect(
    hierarchyControls(0, 8)
      .find(({ label }) => label === 'Width')!
      .presetText('two'),
  ).toBe('96');
});

test('a linked setting is the same in all hierarchies, at once and with every edit, until it is let go', () => {
  const store = open();
  const heads = (): number[] => store.getState().config.model.hierarchies.map((hierarchy) => hierarchy.heads);
  toggleLink(store, hierarchyControl(1, 'heads'));
  expect(heads()).toEqual([3, 3]);
  writeControl(store, hierarchyControl(0, 'heads'), '4');
  expect(heads()).toEqual([4, 4]);
  expect(store.getState().config.model.hierarchies.map(({ dim }) => dim)).toEqual([64, 96]);

  toggleLink(store, hierarchyControl(0, 'heads'));
  writeControl(store, hierarchyControl(0, 'heads'), '1');

  expect(heads()).toEqual([1, 4]);
});

test('what no two hierarchies can have alike is not linked', () => {
  const store = open();
  toggleLink(store, hierarchyControl(1, 'stride'));
  expect(store.getState().linked.size).toBe(0);
  writeControl(store, hierarchyControl(1, 'stride'), '4');

  expect(store.getState().config.model.hierarchies.map(({ stride }) => stride)).toEqual([1, 4]);
});
