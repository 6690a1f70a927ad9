import { expect, test } from 'vitest';
import { endOf, stepsOf, wentOn, writersOf } from '../../../src/ui/text/written.ts';

test('a text names the step that it was written at, or those that it was written over', () => {
  expect(stepsOf({ step: 1157, lastStep: 1157 })).toBe('step 1157');
  expect(stepsOf({ step: 1157, lastStep: 1300 })).toBe('steps 1157–1300');
  expect(wentOn([{ step: 1157, lastStep: 1157 }])).toBe(false);
  expect(wentOn([{ step: null, lastStep: null }])).toBe(false);
});

test('texts that are of more than one step are not of one model', () => {
  const at = (step: number, lastStep = step) => ({ step, lastStep });
  const waiting = { step: null, lastStep: null };
  expect(wentOn([at(20), at(20), waiting])).toBe(false);
  expect(wentOn([at(20), at(24)])).toBe(true);
  expect(wentOn([at(20), at(20, 24)])).toBe(true);
});

test('a text names what it was written without, and how it ended', () => {
  expect([writersOf({ without: null }), writersOf({ without: 4 })]).toEqual(['by all', 'without 4×']);
  const ends = (['done', 'stopped', 'cut', 'failed'] as const).map((status) => endOf({ status }));
  expect(ends).toEqual(['done', 'stopped', 'the run ended', 'no memory']);
});
