import { expect, test } from 'vitest';
import { withTraining } from '../../../src/config/problem.ts';
import type { RunConfig } from '../../../src/config/types.ts';
import type { Session } from '../../../src/ui/session.ts';
import { trainAgain } from '../../../src/ui/shell/train-again.ts';
import { trainingPage } from '../support/run-page.ts';

const halved = { apply: (config: RunConfig) => withTraining(config, { batchSize: config.training.batchSize / 2 }) };

function failedPage() {
  const page = trainingPage();
  page.emit({ type: 'failed', runId: page.runId(), failure: { kind: 'out-of-memory', message: '' } });
  const trainHalved = (): RunConfig => {
    trainAgain(page as unknown as Session, halved);
    return page.run.getState().config!;
  };
  return { ...page, trainHalved };
}

test('a remedy is in the form as well where that describes the run', () => {
  const page = failedPage();
  expect(page.trainHalved().training.batchSize).toBe(8);
  expect(page.config.getState().config.training.batchSize).toBe(8);
  expect(page.state()).toBe('compiling');
});

test('a remedy is for the run on the screen where the form describes another, which stays', () => {
  const page = failedPage();
  const { config } = page.run.getState();
  page.choose('batchSize', '100');
  page.choose('depth', '1');
  page.choose('learningRate', '1e-4');
  // What was edited for the run counts.
  expect(page.trainHalved()).toEqual(withTraining(config!, { batchSize: 8, learningRate: 1e-4 }));
  expect(page.config.getState().config.training.batchSize).toBe(100);
  expect(page.state()).toBe('compiling');
});
