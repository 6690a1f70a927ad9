import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { choosePreset, createConfigStore } from '../../../src/ui/state/config-store.ts';
import { runControl } from '../../../src/ui/state/controls.ts';
import { Edits } from '../../../src/ui/state/edits.ts';

const learningRate = runControl('learningRate');

function open() {
  const form = createConfigStore('quick', presetConfig('quick'), false);
  const waiting = new Set<() => void>();
  const later = (callback: () => void): (() => void) => {
    waiting.add(callback);
    return () => waiting.delete(callback);
  };
  const edits = new Edits(form, later);
  /** Nobody types for a while. */
  const rest = (): void => {
    const due = [...waiting];
    waiting.clear();
    for (const callback of due) callback();
  };
  const type = (text: string): void => {
    for (let length = 1; length <= text.length; length++) edits.type(learningRate, text.slice(0, length));
  };
  return { form, edits, rest, type, waiting, state: () => form.getState().edits.learningRate };
}

test('the form follows every keystroke, and the edit is finished once typing rests', () => {
  const page = open();
  page.type('1e-4');
  expect(page.form.getState().config.training.learningRate).toBe(1e-4);
  expect(page.state()).toBe('typing');
  expect(page.waiting.size).toBe(1);
  page.rest();
  expect(page.state()).toBe('finished');
});

test('a control that is left, Enter, and a chosen value finish an edit at once', () => {
  const page = open();
  page.type('1e-4');
  page.edits.finish(learningRate);
  expect(page.state()).toBe('finished');
  page.edits.type(learningRate, '1');
  expect(page.state()).toBe('typing');
  page.edits.choose(learningRate, '3e-4');
  expect(page.form.getState().config.training.learningRate).toBe(3e-4);
  expect(page.state()).toBe('finished');
  expect(page.waiting.size).toBe(0);
});

test('a text that cannot be read is not finished, however long it stands there', () => {
  const page = open();
  page.type('1e');
  page.rest();
  page.edits.finish(learningRate);
  expect(page.state()).toBe('typing');
});

test('a form that is filled anew has no edits, not even the one that was under way', () => {
  const page = open();
  page.type('1e-4');
  choosePreset(page.form, 'two');
  page.rest();
  expect(page.form.getState().edits).toEqual({});
});

test('settings that wait for the next run have no edits to finish', () => {
  const page = open();
  page.edits.choose(runControl('batchSize'), '4');
  expect(page.form.getState().edits).toEqual({});
});
