import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { encodeQuery } from '../../../src/config/codec/encode.ts';
import type { Recording } from '../../../src/protocol/recording.ts';
import { CompareTab } from '../../../src/ui/compare/CompareTab.tsx';
import { flatBaseline } from '../../../src/ui/compare/flat-baseline.ts';
import { metricRows } from '../../../src/ui/compare/metric-rows.ts';
import { loadOpponent } from '../../../src/ui/compare/recorded-opponent.ts';
import { activeSeconds } from '../../../src/ui/compare/run-figures.ts';
import { READY, recordedQuick, shown } from '../support/render.tsx';

const recording = JSON.parse(readFileSync('public/recording.json', 'utf8')) as Recording;

test('the opponent is the flat baseline of the recorded run, trained for as many steps', async () => {
  const { config } = decodeQuery(recording.query);
  const opponent = await loadOpponent();

  expect(encodeQuery(opponent!.config)).toBe(encodeQuery(flatBaseline(config)!.config));
  expect(opponent!.metrics.lastStep).toBe(recording.metrics.trainBpb.length);
  expect(opponent!.metrics.validation.y.length).toBe(recording.validation.length);
});

test('of a run whose time is not known no speed is told', async () => {
  const opponent = (await loadOpponent())!;
  const value = (label: string): string => metricRows([opponent]).find((row) => row.label === label)!.values[0];

  expect(activeSeconds(opponent.metrics)).toBe(0);
  expect([value('Speed'), value('Active time')]).toEqual(['–', '–']);
  expect(value('Steps so far')).toBe('300');
});

test('before there is a run of one’s own Compare shows the recorded one, and without it what to do', () => {
  const recorded = shown(<CompareTab />, { ...READY, recorded: recordedQuick });
  expect(recorded).toContain('Does 4× earn its work?');
  expect(recorded).toContain('Quick, recorded');
  expect(recorded).not.toContain('There is nothing to compare yet');

  expect(shown(<CompareTab />, READY)).toContain('There is nothing to compare yet');
});
