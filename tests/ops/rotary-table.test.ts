import { expect, test } from 'vitest';
import { identityTable, rotaryTable } from '../../src/ops/rotary-table.ts';
import { readGolden } from '../support/golden.ts';
import { relativeError } from '../support/relative-error.ts';

interface RotaryCase {
  case: string;
  dim_head: number;
  n: number;
  row_step?: number;
}

const golden = await readGolden<{ cases: RotaryCase[] }>('ops_rotary');
const casesOf = (kind: string) => golden.attributes.cases.filter((one) => one.case.startsWith(kind));

/** cos or sin (part 0 or 1) of a pair of channels, for queries (side 0) or keys (side 1). */
function entry(table: Float32Array, dimHead: number, row: number, side: number, pair: number, part: number): number {
  return table[(row * 2 + side) * Math.ceil(dimHead / 4) * 4 + pair * 2 + part];
}

test.each(casesOf('full'))('$case: cos and sin of the reference angles, times and by its xpos scale', (one) => {
  const { case: name, dim_head: dimHead, n, row_step: step = 1 } = one;
  const table = rotaryTable(n, dimHead, { xpos: true });
  const [freqs, scale] = [golden.floats(`${name}/freqs`), golden.floats(`${name}/scale`)];
  const actual: number[] = [];
  const expected: number[] = [];
  for (let i = 0; i < freqs.length; i++) {
    const [row, channel] = [Math.floor(i / dimHead) * step, i % dimHead];
    const factors = [Math.cos(freqs[i]) * scale[i], Math.sin(freqs[i]) * scale[i]];
    factors.push(Math.cos(freqs[i]) / scale[i], Math.sin(freqs[i]) / scale[i]);
    factors.forEach((factor, k) => {
      actual.push(entry(table, dimHead, row, Math.floor(k / 2), channel % (dimHead / 2), k % 2));
      expected.push(factor);
    });
  }
  // The reference's own angles are single precision: 6e-5 off at row 2000.
  expect(relativeError(actual, expected)).toBeLessThan(n > 1000 ? 1e-4 : 5e-6);
});

test.each(casesOf('local'))(
  '$case: the reference angles, for queries as for keys',
  ({ case: name, dim_head: dimHead }) => {
    const freqs = golden.floats(`${name}/freqs`);
    const table = rotaryTable(freqs.length / dimHead, dimHead, { xpos: false });
    for (const side of [0, 1]) {
      const sines = freqs.map((_, i) => entry(table, dimHead, Math.floor(i / dimHead), side, i % (dimHead / 2), 1));
      expect(relativeError(sines, freqs.map(Math.sin))).toBeLessThan(5e-6);
    }
  },
);

test.each(casesOf('apply'))('$case: q and k turn as in the reference', ({ case: name, dim_head: dimHead, n }) => {
  const table = rotaryTable(n, dimHead, { xpos: true });
  const half = dimHead / 2;
  [golden.floats(`${name}/q`), golden.floats(`${name}/k`)].forEach((x, side) => {
    const turned = x.map((value, i) => {
      const [row, channel] = [Math.floor(i / dimHead) % n, i % dimHead];
      const [cos, sin] = [0, 1].map((part) => entry(table, dimHead, row, side, channel % half, part));
      return value * cos + (channel < half ? -x[i + half] : x[i - half]) * sin;
    });
    expect(relativeError(turned, golden.floats(`${name}/${side === 0 ? 'q' : 'k'}_rot`))).toBeLessThan(5e-6);
  });
});

test('xpos factors are finite and of full precision at 32,768 rows', () => {
  const rows = 32_768;
  const table = rotaryTable(rows, 64, { xpos: true });
  for (const row of [0, rows - 1]) {
    for (let pair = 0; pair < 32; pair++) {
      const [q, k] = [0, 1].map((side) => Math.hypot(...[0, 1].map((part) => entry(table, 64, row, side, pair, part))));
      expect(Math.abs(q * k - 1)).toBeLessThan(1e-6);
    }
  }
});

test('the identity turns nothing, also where the number of pairs is odd', () => {
  expect([...identityTable(1, 6)]).toEqual([1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0]);
});
