import { describe, expect, it } from 'vitest';
import { positionAfterKey } from '../../../src/ui/attention/keys.ts';
import { clampPosition, formatPosition, HOME, parsePosition } from '../../../src/ui/attention/position.ts';
import type { Bounds, Position } from '../../../src/ui/attention/position.ts';

const BOUNDS: Bounds = {
  layers: 2,
  hierarchies: [
    { factor: 1, heads: 2 },
    { factor: 4, heads: 3 },
  ],
  bytes: 128,
};

describe('a position in the address', () => {
  it('counts layers, heads and hierarchies from 1 and bytes from 0', () => {
    const position: Position = { ...HOME, layer: 1, query: 118 };
    expect(formatPosition(position)).toBe('l2.h1.k1.q118.dist');
    expect(parsePosition('l2.h1.k1.q118.dist')).toEqual(position);
  });

  it('comes back as it went in', () => {
    const positions: Position[] = [
      HOME,
      { layer: 3, hierarchy: 1, head: 'avg', query: 0, view: 'abs', mask: false, step: 0, pin: 10, shown: 'a' },
      { layer: 0, hierarchy: 2, head: 'max', query: null, view: 'dist', mask: true, step: 5000, pin: 0, shown: 'b' },
      { ...HOME, head: 7, query: 1023, view: 'abs' },
      { ...HOME, pin: 50 },
    ];
    for (const position of positions) expect(parsePosition(formatPosition(position))).toEqual(position);
  });

  it('names the pinned step only while one is pinned, and the difference not at all', () => {
    expect(formatPosition({ ...HOME, pin: 50, step: 100 })).toBe('l1.h1.k1.dist.s100.a50');
    expect(formatPosition({ ...HOME, pin: 50, shown: 'b' })).toBe('l1.h1.k1.dist.a50.showb');
    expect(formatPosition({ ...HOME, shown: 'b' })).toBe('l1.h1.k1.dist');
  });

  it('is within bounds whatever an address says', () => {
    for (const detail of [
      '',
      'l0.h0.k0.q0',
      'l99.h99.k99.q99999',
      'l-1.hNaN.kx.q1e9',
      '....',
      'lllll',
      'hmax.h2.havg',
      'q999999999999999999',
    ]) {
      const { layer, hierarchy, head, query } = clampPosition(parsePosition(detail), BOUNDS);
      expect(layer).toBeOneOf([0, 1]);
      expect(hierarchy).toBeOneOf([0, 1]);
      expect(head).toBeOneOf([0, 1, 2, 'avg', 'max']);
      expect(query === null || (query >= 0 && query < 128)).toBe(true);
    }
    expect(clampPosition(parsePosition('l99.h99.k99.q99999'), BOUNDS)).toMatchObject({
      layer: 1,
      hierarchy: 1,
      head: 2,
      query: 127,
    });
  });
});

describe('keys', () => {
  const press = (key: string, at: Partial<Position> = {}, shiftKey = false): Position | null =>
    positionAfterKey({ key, shiftKey }, { ...HOME, ...at }, at.query ?? 40, BOUNDS);

  it('move the query by a byte, with Shift by sixteen, and lock it', () => {
    expect(press('ArrowLeft')?.query).toBe(39);
    expect(press('ArrowRight', {}, true)?.query).toBe(56);
    expect(press('ArrowLeft', { query: 3 }, true)?.query).toBe(0);
    expect(press('ArrowRight', { query: 120 }, true)?.query).toBe(127);
    expect(press('Escape', { query: 3 })?.query).toBeNull();
    expect(press('Escape')).toBeNull();
  });

  it('go up and down the layers and round the hierarchies and heads', () => {
    expect(press('ArrowUp')?.layer).toBe(1);
    expect(press('ArrowUp', { layer: 1 })?.layer).toBe(1);
    expect(press('ArrowDown')?.layer).toBe(0);
    expect(press('H', { hierarchy: 1 }, true)?.hierarchy).toBe(0);
    expect(press('h', { hierarchy: 1, head: 2 })).toMatchObject({ hierarchy: 0, head: 1 });
    expect(press(']', { head: 1 })?.head).toBe(0);
    expect(press('[', { head: 'avg' })?.head).toBe(1);
  });

  it('switch average, view and mask, and leave other keys alone', () => {
    expect(press('a')?.head).toBe('avg');
    expect(press('a', { head: 'avg' })?.head).toBe(0);
    expect(press('d')?.view).toBe('abs');
    expect(press('k')?.mask).toBe(false);
    expect(press('q')).toBeNull();
    expect(press('Tab')).toBeNull();
  });
});
