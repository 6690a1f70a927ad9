import { describe, expect, it } from 'vitest';
import type { HierarchyGeometry } from '../../../src/protocol/inspection.ts';
import { binAt, laneAt, reach, tokenSpan } from '../../../src/ui/attention/lane-bins.ts';

const BYTES = 32;

function geometry(factor: number, stride: number, window: number | null): HierarchyGeometry {
  return { factor, stride, dilation: factor / stride, window, tokens: Math.ceil(BYTES / stride), heads: 1 };
}

const ends = (lane: ReturnType<typeof laneAt>): number[] => lane.bins.map(({ end }) => end);

describe('lanes', () => {
  it('gives bytes one bin each, and a window of 4 shows the query and 4 bytes before it', () => {
    const lane = laneAt(geometry(1, 1, 4), 21);
    expect(lane.bins.filter(({ seen }) => seen).map(({ token }) => token)).toEqual([21, 20, 19, 18, 17]);
    expect(lane.bins.filter(({ seen }) => !seen)).toHaveLength(17);
    expect(lane.stale).toBeNull();
  });

  it('shows of a 4-byte hierarchy with stride 1 the tokens of the query’s phase only', () => {
    const lane = laneAt(geometry(4, 1, null), 21);
    expect(ends(lane)).toEqual([21, 17, 13, 9, 5, 1]);
    expect(lane.bins.slice(0, 5).map(({ start, end }) => end - start + 1)).toEqual([4, 4, 4, 4, 4]);
    expect(lane.bins[5]).toMatchObject({ start: 0, end: 1, padding: 2, seen: true });
  });

  it('leaves the bytes after the newest token of a strided hierarchy stale', () => {
    const lane = laneAt(geometry(8, 8, null), 21);
    expect(lane.token).toBe(2);
    expect(ends(lane)).toEqual([16, 8, 0]);
    expect(lane.stale).toEqual({ start: 17, end: 21 });
    expect(binAt(lane, 18)).toBeNull();
  });

  it('covers every byte up to the newest token’s end exactly once, for every shape and query', () => {
    for (const [factor, stride] of [
      [1, 1],
      [2, 1],
      [2, 2],
      [4, 1],
      [4, 2],
      [8, 4],
      [16, 16],
    ]) {
      for (let byte = 0; byte < BYTES; byte++) {
        const lane = laneAt(geometry(factor, stride, 1), byte);
        const covered = lane.bins.flatMap(({ start, end }) =>
          Array.from({ length: end - start + 1 }, (_, i) => start + i),
        );
        const end = tokenSpan(geometry(factor, stride, 1), lane.token).end;
        expect(covered.sort((a, b) => a - b)).toEqual(Array.from({ length: end + 1 }, (_, at) => at));
        expect(byte - end).toBeLessThan(stride);
      }
    }
  });

  it('sees nothing where there is no attention', () => {
    expect(laneAt(geometry(4, 1, 0), 21).bins.some(({ seen }) => seen)).toBe(false);
    expect([reach(geometry(4, 1, 0)), reach(geometry(4, 1, 16)), reach(geometry(4, 1, null))]).toEqual([0, 68, null]);
  });
});
