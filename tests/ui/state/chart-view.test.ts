import { expect, test } from 'vitest';
import {
  changeChartView,
  nextSmoothing,
  nextX,
  otherScale,
  readChartView,
  smoothingLevels,
  writeChartView,
  xUnits,
} from '../../../src/ui/state/chart-view.ts';
import { createViewStore, openTab } from '../../../src/ui/state/view.ts';

test('a position says x axis, scale and smoothing, and leaves out what is usual', () => {
  expect(readChartView('watch', 'x=bytes.log.s90')).toEqual({ x: 'bytes', log: true, smoothing: 90 });
  expect(writeChartView('watch', { x: 'bytes', log: true, smoothing: 90 }, '')).toBe('x=bytes.log.s90');
  expect(readChartView('watch', '')).toEqual({ x: 'step', log: false, smoothing: 85 });
  expect(readChartView('cmp', '')).toEqual({ x: 'flops', log: false, smoothing: 85 });
  expect(writeChartView('cmp', { x: 'flops', log: false, smoothing: 85 }, 'log.s9')).toBe('');
});

test('every view comes back from its text', () => {
  for (const tab of ['watch', 'cmp'] as const) {
    for (const x of xUnits) {
      for (const log of [false, true]) {
        for (const smoothing of [0, 7, 85, 99]) {
          const view = { x, log, smoothing };
          expect(readChartView(tab, writeChartView(tab, view, ''))).toEqual(view);
        }
      }
    }
  }
});

test('what is not understood changes nothing', () => {
  for (const detail of ['x=constructor', 's100', 's-1', 'log.s1e2', 'LOG', '....', 'x=.s.=', '__proto__']) {
    expect(readChartView('watch', detail)).toEqual({ ...readChartView('watch', ''), log: detail.startsWith('log.') });
  }
});

test('other parts of a position stay when the view changes', () => {
  expect(writeChartView('cmp', { x: 'time', log: true, smoothing: 85 }, 'val.x=bytes')).toBe('x=time.log.val');
});

test('each tab keeps the view of its own charts', () => {
  const store = createViewStore('#watch/x=bytes.log.s90');

  changeChartView(store, 'watch', nextX);
  openTab(store, 'cmp');
  changeChartView(store, 'cmp', otherScale);

  expect(store.getState().details.watch).toBe('x=time.log.s90');
  expect(store.getState().detail).toBe('log');
});

test('keys go through all x axes and smoothings and begin again', () => {
  let view = readChartView('watch', '');
  const seen = xUnits.map(() => (view = { ...view, ...nextX(view) }).x);
  expect(new Set(seen).size).toBe(xUnits.length);
  expect(view.x).toBe('step');

  const levels = smoothingLevels.map(() => (view = { ...view, ...nextSmoothing(view) }).smoothing);
  expect(levels.sort((a, b) => a - b)).toEqual(smoothingLevels);
  expect(nextSmoothing({ ...view, smoothing: 90 })).toEqual({ smoothing: 95 });
});
