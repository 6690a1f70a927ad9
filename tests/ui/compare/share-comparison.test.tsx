import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { hotSettings } from '../../../src/config/hot-settings.ts';
import { ShareComparison } from '../../../src/ui/compare/ShareComparison.tsx';
import { changeMark } from '../../../src/ui/state/marks.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { READY, shown } from '../support/render.tsx';
import { recordOf } from '../support/run-record.ts';

const ran = (name: string, steps = 100, query = '') => recordOf(name, decodeQuery(query).config, steps, 1e9);
const panel = (runs: RunRecord[], isRepeated = false): string =>
  shown(<ShareComparison runs={runs} isRepeated={isRepeated} />, READY);

test('that one link opens all runs is said before it is sent', () => {
  const text = panel([ran('calm owl'), ran('bold fox')]);
  expect(text).toContain('One link opens both runs side by side here, with their names and all of their settings');
  expect(text).toContain('It trains nothing by itself');
  for (const word of ['No curve', 'Your own text', 'several seeds', 'characters']) expect(text).not.toContain(word);
  expect(panel([ran('calm owl'), ran('bold fox'), ran('tidal oak')])).toContain('opens all 3 runs');
});

test('what the link leaves out is said', () => {
  const changed = ran('calm owl');
  changed.metrics.marks = [changeMark(74, { learningRate: 1e-3 }, hotSettings(decodeQuery('').config))];
  expect(panel([changed, ran('bold fox')])).toContain('No curve goes with calm owl: ');
  expect(panel([ran('calm owl'), ran('bold fox', 0)])).toContain('No curve goes with bold fox: ');
  expect(panel([ran('calm owl', 100, 'ds=own'), ran('bold fox')])).toContain('Your own text is not in the link');
  expect(panel([ran('calm owl'), ran('bold fox')], true)).toContain('the one that the table above shows');
});

test('a link that may be cut says so', () => {
  const named = (name: string): string =>
    panel(
      Array.from({ length: 6 }, (_, at) => ({
        ...ran(name, 100, `h=1-d100-n7-e34-w31_8-d100-n7-e34-w31&sd=${at}`),
        id: at,
      })),
    );
  expect(named('wide')).not.toContain('characters');
  expect(named('🦉'.repeat(40))).toMatch(/2,\d{3} characters: some messengers and browsers cut links that long\./);
});
