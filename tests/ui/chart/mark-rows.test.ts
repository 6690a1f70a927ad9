import { expect, test } from 'vitest';
import { markRows } from '../../../src/ui/chart/mark-rows.ts';

const label = (px: number, leftwards = false, name = 'learning rate 1e-3') => ({ name, px, leftwards });

test('labels that have room stand in one row', () => {
  expect(markRows([label(0), label(200), label(400)])).toEqual([0, 0, 0]);
});

test('a label that would run into others goes into the next row that is free there', () => {
  expect(markRows([label(0), label(20), label(40), label(300)])).toEqual([0, 1, 2, 0]);
  expect(markRows([label(0), label(300), label(310)])).toEqual([0, 0, 1]);
});

test('a label takes its room on the side to which it is written', () => {
  expect(markRows([label(200, true), label(210)])).toEqual([0, 0]);
  expect(markRows([label(200, true), label(210, true)])).toEqual([0, 1]);
});
