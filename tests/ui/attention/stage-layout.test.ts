import { describe, expect, it } from 'vitest';
import { axisStep, barsPath, laneAtHeight, stageLayout, wavePath } from '../../../src/ui/attention/stage-layout.ts';
import { movedBy, WHOLE, zoomedTo } from '../../../src/ui/attention/viewport.ts';

describe('the stage', () => {
  it('puts rows below each other without overlap, and leaves no room for what is not measured', () => {
    const layout = stageLayout(3, true, 2);
    const tops = [
      layout.textTop,
      ...[0, 1].map(layout.keptTop),
      layout.costTop,
      ...[0, 1, 2].map(layout.worthTop),
      ...[0, 1, 2].map(layout.laneTop),
    ];
    expect(tops.toSorted((a, b) => a - b)).toEqual(tops);
    expect(layout.laneTop(2) + layout.laneHeight).toBeLessThanOrEqual(layout.height);
    expect(layout.keptTop(1) + layout.keptHeight).toBeLessThanOrEqual(layout.costTop);
    expect(stageLayout(3, false, 2).height).toBeLessThan(layout.height);
    expect(stageLayout(3, true, 0).height).toBeLessThan(layout.height);
  });

  it('finds the lane at a height', () => {
    const layout = stageLayout(2, true, 1);
    expect(laneAtHeight(layout, 2, layout.laneTop(1))).toBe(1);
    expect(laneAtHeight(layout, 2, layout.laneTop(1) + layout.laneHeight - 1)).toBe(1);
    expect(laneAtHeight(layout, 2, layout.laneTop(1) - 1)).toBeNull();
    expect(laneAtHeight(layout, 2, 0)).toBeNull();
  });

  it('labels powers of two that do not run into each other', () => {
    expect([200, 26, 8, 1].map((width) => axisStep(width))).toEqual([1, 2, 8, 64]);
    expect(axisStep(26, 4)).toBe(4);
  });

  it('draws a wave from end to end of what is wrong, however narrow', () => {
    expect(wavePath(10, 22, 40)).toBe('M10.0 40L13.0 37.5L16.0 40L19.0 37.5L22.0 40');
    expect(wavePath(0, 4, 40)).toBe('M0.0 40L1.0 37.5L2.0 40L3.0 37.5L4.0 40');
  });

  it('draws what saves bits upward and what costs bits downward, and nothing where nothing is known', () => {
    const values = Float32Array.of(NaN, 2, -1, 0, 99);
    const scale = { width: 10, base: 20, most: 10, top: 4 };
    expect(barsPath(values, scale, 1)).toBe('M10.00 20v-5.0h9.00V20zM40.00 20v-10.0h9.00V20z');
    expect(barsPath(values, scale, -1)).toBe('M20.00 20v2.5h9.00V20z');
  });
});

describe('a viewport', () => {
  it('stays within the map', () => {
    const half = { x: 0.4, y: 0.4, size: 0.5 };
    expect(movedBy(half, 1, -1)).toEqual({ x: 0.5, y: 0, size: 0.5 });
    expect(zoomedTo(WHOLE, 0.5, 'dist', 0.95)).toEqual({ x: 0, y: 0.5, size: 0.5 });
    expect(zoomedTo(half, 0.25, 'abs', 0.5)).toEqual({ x: 0.3125, y: 0.375, size: 0.25 });
    expect(zoomedTo(half, 1, 'abs', 0.5)).toEqual(WHOLE);
  });
});
