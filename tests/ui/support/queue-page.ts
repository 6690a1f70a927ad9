import { RunQueue } from '../../../src/ui/state/run-queue.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { keepRuns } from '../../../src/ui/state/runs.ts';
import { TestScorer } from '../../../src/ui/state/test-scorer.ts';
import { plausibleMetrics } from './fake-worker.ts';
import { memoryStorage } from './memory-storage.ts';
import { FACTS, readyPage } from './run-page.ts';
import { settled } from './storing-page.ts';

/** A page that can train, with a queue; its runs are of 20 steps. */
export function queuePage(storage: () => Storage = () => memoryStorage(), query = 'p=micro&st=20') {
  const page = readyPage(query);
  const { run, curves, worker, controller, emit, runId } = page;
  const runs = keepRuns({ run, curves });
  const scorer = new TestScorer({ run, worker });
  const queue = new RunQueue({ run, curves, runs, controller, scorer, storage });
  const score = (step: number) => ({ step, bits: Float64Array.of(10, 12), bytes: Float64Array.of(4, 4) });
  /** The run is built and makes its steps up to that one. */
  const makeSteps = (last: number): void => {
    emit({ type: 'started', runId: runId(), ...FACTS });
    const first = curves.getState().metrics.madeSteps + 1;
    emit({ type: 'metrics', batch: plausibleMetrics(runId(), run.getState().config!, first, last, 40) });
  };
  const told = {
    done: async () => {
      makeSteps(20);
      emit({ type: 'done', runId: runId(), step: 20 });
      await settled();
    },
    scored: async () => {
      emit({ type: 'scored', runId: runId(), score: score(20) });
      await settled();
    },
    kept: async () => {
      emit({ type: 'kept', runId: runId(), step: 20, file: new Blob(['kept']) });
      await settled();
    },
  };
  return {
    ...page,
    scorer,
    queue,
    makeSteps,
    ...told,
    /** The run comes to its end, as far as the queue waits for it. */
    finish: async () => {
      await told.done();
      await told.kept();
      await told.scored();
    },
    records: (): readonly RunRecord[] => runs.getState().runs,
    /** The run that is the present one, or was the last of these. */
    latest: (): RunRecord => runs.getState().runs.at(-1)!,
    /** Seeds of what waits. */
    waiting: () => queue.store.getState().waiting.map(({ config }) => config.training.seed),
    wait: () => queue.store.getState().wait,
    /** Seeds of the runs that the worker was told to begin. */
    begun: () =>
      page.workers.flatMap(({ commands }) =>
        commands.flatMap((it) => (it.type === 'start' ? [it.config.training.seed] : [])),
      ),
    /** How often the worker was asked to measure one. */
    asked: () => page.said().filter((type) => type === 'score').length,
  };
}

/** One whose first run is at step 5. */
export function trainingQueuePage(storage?: () => Storage) {
  const page = queuePage(storage);
  page.controller.train();
  page.makeSteps(5);
  return page;
}
