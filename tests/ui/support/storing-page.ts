import { createStore } from 'zustand/vanilla';
import { presetConfig } from '../../../src/config/presets.ts';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { createCurvesStore } from '../../../src/ui/state/curves.ts';
import type { AdoptedRun } from '../../../src/ui/state/run-controller.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { initialRunState, type RunState } from '../../../src/ui/state/run-state.ts';
import { createRunPlaces } from '../../../src/ui/state/run-places.ts';
import { keepRuns } from '../../../src/ui/state/runs.ts';
import { StoredRecords, type RecordStorage } from '../../../src/ui/state/stored-records.ts';
import { StoredRuns, type RunStorage } from '../../../src/ui/state/stored-runs.ts';
import type { OwnText } from '../../../src/ui/state/text-opener.ts';
import { FakeRecords } from './fake-records.ts';
import { plausibleMetrics } from './fake-worker.ts';

const someText: OwnText = { file: new Blob(['some text']), name: 'some.txt' };
/** What its runs are. */
export const config = { ...presetConfig('micro'), dataset: 'own' as const };

/** What a run has measured in so many seconds. */
export function someMetrics(seconds = 10): RunMetrics {
  const metrics = new RunMetrics();
  const batch = plausibleMetrics(4, config, 1, 25, 100);
  metrics.append({ ...batch, activeSeconds: batch.step.map((step) => (seconds * step) / 25) }, config.model);
  metrics.appendValidation(10, 6.5, [null, 0.4]);
  metrics.appendValidation(20, 5.5, [null, 0.3]);
  metrics.testScore = { step: 20, bits: Float64Array.of(40, 44), bytes: Float64Array.of(8, 8) };
  metrics.marks = [{ step: 12, name: 'GPU lost, on from 12' }];
  return metrics;
}

let recordsMade = 0;

interface Options {
  ownText?: OwnText;
  now?: number;
  /** Whether it has no run yet. */
  idle?: boolean;
  /** Where what Compare knows of runs lies. */
  records?: RecordStorage;
}

/** A page at a storage, with a run of its own. */
export function openPage(
  storage: RunStorage,
  { ownText = someText, now = 0, records = new FakeRecords(), idle = false }: Options = {},
) {
  const run = createStore<RunState>(() => ({
    ...initialRunState,
    runId: 4,
    config: idle ? null : config,
    preset: 'micro',
  }));
  const curves = createCurvesStore();
  if (!idle) curves.setState({ metrics: someMetrics() });
  const adopted: AdoptedRun[] = [];
  const listeners: ((event: WorkerEvent) => void)[] = [];
  const emit = (event: WorkerEvent): void => listeners.forEach((listener) => listener(event));
  const controller = {
    adopt: (other: AdoptedRun) => {
      adopted.push(other);
      curves.setState({ metrics: other.metrics });
      nextRun({ name: other.name, inPlaceOf: other.inPlaceOf, elsewhere: other.elsewhere });
    },
  };
  const worker = {
    listen: (listener: typeof emit) => {
      listeners.push(listener);
      return () => {};
    },
  };
  const nextRun = (adopted: RunState['adopted'] = null): void =>
    run.setState(({ runId }) => ({ runId: runId + 1, config: { ...config }, adopted }));
  const clock = { now };
  const runs = keepRuns({ run, curves });
  if (!idle) run.setState({ config: { ...config } });
  const texts = { ofRun: ownText };
  const keeping = { run, runs, places: createRunPlaces(), worker, now: () => clock.now };
  const storedRuns = new StoredRuns({ ...keeping, storage, curves, controller, texts });
  const storedRecords = new StoredRecords({ ...keeping, storage: records, newId: () => `record ${++recordsMade}` });
  return {
    storedRuns,
    storedRecords,
    run,
    curves,
    runs,
    adopted,
    clock,
    emit,
    /** The worker hands the present run over, after so many seconds of training. */
    keep: async (step = 20, seconds = 10) => {
      curves.setState({ metrics: someMetrics(seconds) });
      emit({ type: 'kept', runId: run.getState().runId, step, file: new Blob([`all of ${step}`]) });
      await settled();
    },
    reset: async () => {
      nextRun();
      emit({ type: 'reset' });
      await settled();
    },
    nextRun,
    steps: () => run.getState().earlier.map(({ step }) => step),
  };
}

/** Until everything has happened that waits for nothing but promises. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
