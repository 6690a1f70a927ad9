import { expect, test } from 'vitest';
import { stepsOf, wentOn } from '../../../src/ui/text/written.ts';

test('a text names the step that it was written at, or those that it was written over', () => {
  expect(stepsOf({ step: 1157, lastStep: 1157 })).toBe('step 1157');
  expect(stepsOf({ step: 1157, lastStep: 1300 })).toBe('steps 1157–1300');
  expect(wentOn([{ step: 1157, lastStep: 1157 }])).toBe(false);
  expect(wentOn([{ step: null, lastStep: null }])).toBe(false);
});
