import { expect, test } from 'vitest';
import { actionOf, isCharacter, keyNames } from '../../../src/ui/shell/action.ts';
import type { Action } from '../../../src/ui/shell/action.ts';

const action = (name: string, key: string, shift?: boolean): Action => ({
  name,
  label: name,
  key,
  shift,
  isEnabled: () => true,
  perform: () => {},
});
const some = [
  action('train', ' '),
  action('restart', 'r', true),
  action('share', 's'),
  action('list', '?'),
  action('left', 'ArrowLeft'),
];

const press = (key: string, held: Partial<Record<'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) =>
  actionOf(some, { key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held })?.name;

test('a letter is its action only with the Shift that it wants', () => {
  expect([press('s'), press('S', { shiftKey: true })]).toEqual(['share', undefined]);
  expect([press('r'), press('R', { shiftKey: true })]).toEqual([undefined, 'restart']);
});

test('caps lock changes nothing', () => {
  expect(press('S')).toBe('share');
});

test('a sign is its action however it is typed', () => {
  expect([press('?', { shiftKey: true }), press('?')]).toEqual(['list', 'list']);
});

test("what belongs to the browser or the system is nobody's action", () => {
  expect([press('s', { ctrlKey: true }), press('s', { metaKey: true }), press('s', { altKey: true })]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('single characters are told from keys that no text has', () => {
  expect(some.filter(isCharacter).map(({ name }) => name)).toEqual(['restart', 'share', 'list']);
});

test('keys are called by what stands on them', () => {
  expect(some.map(keyNames)).toEqual([['Space'], ['Shift', 'R'], ['S'], ['?'], ['ArrowLeft']]);
});
