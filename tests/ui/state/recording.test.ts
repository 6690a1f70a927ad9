import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { unpackInspection } from '../../../src/protocol/recording.ts';
import { keptOf } from '../../../src/ui/attention/kept.ts';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import {
  isRecorded,
  loadRecording,
  recordedBatch,
  recordedRun,
  RECORDED_LINK,
} from '../../../src/ui/state/recording.ts';

it('the recorded run that comes with the page is whole, and its time never runs back', async () => {
  const recording = (await loadRecording(async () => readFileSync('public/recording.json', 'utf8')))!;
  const { steps, config, model } = recordedRun(recording);
  expect(config.training.steps).toBe(steps);
  expect(model.parameters).toBeGreaterThan(0);
  const { step, trainBpb, activeSeconds } = recordedBatch(recording, 1, 0, steps);
  for (const column of [step, trainBpb, activeSeconds]) expect(column).toHaveLength(steps);
  const back = Array.from(activeSeconds.keys()).filter((at) => at > 0 && activeSeconds[at] < activeSeconds[at - 1]);
  expect(back).toEqual([]);
});

it('shows in the recorded run, capture by capture, what coarse tokens keep: nothing at first, then most of the passage', async () => {
  const { inspections } = (await loadRecording(async () => readFileSync('public/recording.json', 'utf8')))!;
  const shares = inspections.map(({ inspection }) => keptOf(unpackInspection(inspection)).map(({ share }) => share));

  expect(shares.map(({ length }) => length)).toEqual(inspections.map(() => 1));
  expect(shares[0][0]).toBeLessThan(0.05);
  expect(shares.at(-1)![0]).toBeGreaterThan(0.9);
  expect(statSync('public/recording.json').size).toBeLessThan(250_000);
});

it('the link of the recorded run is known before its file is there', async () => {
  const recording = (await loadRecording(async () => readFileSync('public/recording.json', 'utf8')))!;
  expect(RECORDED_LINK).toBe(recording.query);
});

it('a configuration is that of the recorded run when it differs in its length alone', () => {
  const is = (query: string): boolean => isRecorded(decodeQuery(query).config);
  expect(['p=quick', RECORDED_LINK, 'st=9000'].map(is)).toEqual([true, true, true]);
  expect(['p=micro', 'p=quick&b=4', 'p=quick&sd=1', 'p=quick&ds=own'].map(is)).toEqual([false, false, false, false]);
});
