import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { RunsRail } from '../../../src/ui/compare/rail/RunsRail.tsx';
import { BitsPanel } from '../../../src/ui/run/BitsPanel.tsx';
import { metricsOf } from '../../../src/ui/state/run-curve.ts';
import { READY, shown } from '../support/render.tsx';

const { config, preset } = decodeQuery('p=quick');
const losses = new Float64Array([8, 7]);
const curve = { lastStep: 2, train: losses, validation: losses, recon: losses };
const sent = (seconds: number) => ({ config, preset, metrics: metricsOf({ ...curve, seconds }, config) });

test('a run whose time nobody knows has no place on an axis of time, and on every other', () => {
  const panel = (seconds: number, hash: string): string =>
    shown(<BitsPanel />, READY, '', { hash, sent: sent(seconds) });
  expect(panel(0, '#watch/x=time')).not.toContain('from the link');
  expect(panel(0, '#watch')).toContain('from the link');
  expect(panel(9, '#watch/x=time')).toContain('from the link');
});

test('the time of such a run is not said to be none', () => {
  const rail = (seconds: number): string => shown(<RunsRail looks={new Map()} />, READY, '', { sent: sent(seconds) });
  expect(rail(0)).toMatch(/active time–/);
  expect(rail(9)).toMatch(/active time0:09/);
});
