import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadRecording, recordedBatch, recordedRun } from '../../../src/ui/state/recording.ts';

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
