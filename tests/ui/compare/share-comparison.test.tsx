import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { hotSettings } from '../../../src/config/hot-settings.ts';
import { ShareComparison } from '../../../src/ui/compare/ShareComparison.tsx';
import { changeMark } from '../../../src/ui/state/marks.ts';
import { READY, shown } from '../support/render.tsx';
import { recordOf } from '../support/run-record.ts';

const ran = (name: string, steps = 100) => recordOf(name, decodeQuery('').config, steps, 1e9);
const panel = (...runs: ReturnType<typeof ran>[]): string => shown(<ShareComparison runs={runs} />, READY);

test('that a link opens one run alone is said before it is sent', () => {
  const text = panel(ran('calm owl'), ran('bold fox'));
  expect(text).toContain('opens Compare with that run alone');
  expect(text).not.toContain('No curve');
});

test('a run whose link has no curve is named', () => {
  const changed = ran('calm owl');
  changed.metrics.marks = [changeMark(74, { learningRate: 1e-3 }, hotSettings(decodeQuery('').config))];
  expect(panel(changed, ran('bold fox'))).toContain('No curve goes with calm owl: ');
  expect(panel(ran('calm owl'), ran('bold fox', 0))).toContain('No curve goes with bold fox: ');
});
