import { expect, test } from 'vitest';
import {
  changeChartView,
  leaveZoom,
  nextSmoothing,
  nextX,
  onOtherAxis,
  otherScale,
  readChartView,
  smoothingLevels,
  writeChartView,
  xUnits,
} from '../../../src/ui/state/chart-view.ts';
import { createViewStore, openTab } from '../../../src/ui/state/view.ts';

test('a position says x axis, scale and smoothing, and leaves out what is usual', () => {
  expect(readChartView('watch', 'x=bytes.log.s90')).toEqual({ x: 'bytes', zoom: null, log: true, smoothing: 90 });
  expect(writeChartView('watch', { x: 'bytes', zoom: null, log: true, smoothing: 90 }, '')).toBe('x=bytes.log.s90');
  expect(readChartView('watch', '')).toEqual({ x: 'step', zoom: null, log: false, smoothing: 85 });
  expect(readChartView('cmp', '')).toEqual({ x: 'flops', zoom: null, log: false, smoothing: 85 });
  expect(writeChartView('cmp', { x: 'flops', zoom: null, log: false, smoothing: 85 }, 'log.s9')).toBe('');
});

test('every view comes back from its text', () => {
  for (const tab of ['watch', 'cmp'] as const) {
    for (const x of xUnits) {
      for (const log of [false, true]) {
        for (const smoothing of [0, 7, 85, 99]) {
          const view = { x, zoom: null, log, smoothing };
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
  expect(writeChartView('cmp', { x: 'time', zoom: null, log: true, smoothing: 85 }, 'val.x=bytes')).toBe(
    'x=time.log.val',
  );
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

test('a position says which part of the axis is looked at, in six digits and without a point', () => {
  for (const zoom of [
    { from: 0, to: 250 },
    { from: 1.25, to: 4000 },
    { from: 54_321, to: 100_000 },
    { from: 1.5e12, to: 2.123_45e14 },
    { from: 0.001_25, to: 0.5 },
  ]) {
    const text = writeChartView('cmp', { ...readChartView('cmp', ''), zoom }, 'val');
    expect(text).toMatch(/^z=[\de~-]+\.val$/);
    expect(readChartView('cmp', text).zoom).toEqual(zoom);
  }
  expect(writeChartView('watch', { ...readChartView('watch', ''), zoom: { from: 100, to: 250 } }, '')).toBe(
    'z=100~250',
  );
  for (const detail of ['z=5~2', 'z=3~3', 'z=~', 'z=a~b', 'z=1', 'z=1~2~3']) {
    expect(readChartView('watch', detail).zoom).toBeNull();
  }
});

test('another x axis shows the whole run, and so does what leaves the close look on every tab', () => {
  const store = createViewStore('#watch/z=100~250.log');
  changeChartView(store, 'cmp', () => ({ zoom: { from: 1, to: 2 } }));
  expect(store.getState().details.cmp).toBe('z=1~2');

  changeChartView(store, 'cmp', nextX);
  expect(store.getState().details.cmp).toBe('x=step');
  leaveZoom(store);
  expect(store.getState().details.watch).toBe('log');
});

test('the crosshair is put away when its place would be one of another axis, and stays for all else', () => {
  const store = createViewStore('#watch');
  let times = 0;
  onOtherAxis(store, () => times++);

  changeChartView(store, 'watch', () => ({ zoom: { from: 10, to: 20 }, log: true }));
  changeChartView(store, 'cmp', nextX);
  expect(times).toBe(0);
  changeChartView(store, 'watch', nextX);
  expect(times).toBe(1);
  openTab(store, 'cmp');
  expect(times).toBe(2);
});
