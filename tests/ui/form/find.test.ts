import { expect, test } from 'vitest';
import { isFound } from '../../../src/ui/form/find.ts';

const rate = { label: 'Learning rate', name: 'learningRate', help: 'How far Adam moves the weights in one step.' };

test('a setting is found by words of its label, its name in messages, and its help, in any order and case', () => {
  for (const search of ['learn', 'RATE', 'rate learning', 'adam', 'learningrate', '', ' rate ']) {
    expect(isFound(rate, search)).toBe(true);
  }
});

test('a setting without one of the words, or with it only inside another, is not found', () => {
  for (const search of ['batch', 'learning batch', 'ate', 'dam']) expect(isFound(rate, search)).toBe(false);
});
