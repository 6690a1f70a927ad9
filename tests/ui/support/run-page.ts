import { createStore } from 'zustand/vanilla';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import type { Command } from '../../../src/protocol/commands.ts';
import { createConfigStore, finishEdit, writeControl } from '../../../src/ui/state/config-store.ts';
import { runControl } from '../../../src/ui/state/controls.ts';
import { createCurvesStore } from '../../../src/ui/state/curves.ts';
import { statesConfig } from '../../../src/ui/state/link-sync.ts';
import { RunController } from '../../../src/ui/state/run-controller.ts';
import type { AdoptedRun } from '../../../src/ui/state/run-controller.ts';
import { initialRunState, pageState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { TextOpener } from '../../../src/ui/state/text-opener.ts';
import { WorkerLink } from '../../../src/ui/state/worker-link.ts';
import { FakeWorker, gpuAdapter, mobyDick, plausibleMetrics } from './fake-worker.ts';

/** What a worker tells of a model that it has built. */
export const FACTS = { parameters: 1, flopsPerStep: 1, engineBytes: 1, pipelines: 1, dispatches: 1 };

/** The state of a page at a link, before its worker has said anything. */
export function openPage(query = '') {
  const { config: linked, preset } = decodeQuery(query);
  const config = createConfigStore(preset, linked, statesConfig(query));
  const run = createStore<RunState>(() => initialRunState);
  const curves = createCurvesStore();
  const workers: FakeWorker[] = [];
  /** Whether nobody can see it. */
  const shown = { hidden: false };
  const worker = new WorkerLink({
    hidden: () => shown.hidden,
    connect: () => {
      workers.push(new FakeWorker());
      return workers.at(-1)!;
    },
  });
  const texts = new TextOpener({ config, run, worker, urls: { embedded: 'moby.txt', enwik8: 'enwik8.gz' } });
  const parts = { worker, texts, config, run, curves };
  /** How many entries of the history are of runs, so that Back returns to their settings. */
  const address = { entries: 0 };
  const onStart = (): void => void address.entries++;
  const controller = new RunController({ ...parts, requestRevision: () => {}, onStart });
  controller.open();
  const said = (): Command['type'][] => workers.at(-1)!.commands.map(({ type }) => type);
  const emit: FakeWorker['emit'] = (event) => workers.at(-1)!.emit(event);
  const state = (): string => pageState(run.getState());
  const runId = (): number => run.getState().runId;
  const choose = (name: string, text: string): void => {
    writeControl(config, runControl(name), text);
    finishEdit(config, name);
  };
  const adjustments = (): Command[] => workers.at(-1)!.commands.filter(({ type }) => type === 'adjust');
  return {
    config,
    run,
    curves,
    shown,
    address,
    worker,
    texts,
    workers,
    controller,
    said,
    emit,
    state,
    runId,
    choose,
    adjustments,
  };
}

/** One with an adapter and the built-in text. */
export function readyPage(query = '') {
  const page = openPage(query);
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  page.emit({ type: 'corpus', info: mobyDick });
  return page;
}

/** One that trains. */
export function trainingPage() {
  const page = readyPage();
  page.controller.train();
  page.emit({ type: 'started', runId: page.runId(), ...FACTS });
  return page;
}

/** A page whose run lost its device after it was kept at step 20 and had made 25. */
export function lostPage() {
  const page = trainingPage();
  const lose = (): void => page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  const comeBack = (): void => {
    page.emit({ type: 'corpus', info: mobyDick });
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    page.emit({ type: 'started', runId: page.runId(), ...FACTS });
  };
  page.emit({ type: 'metrics', batch: plausibleMetrics(page.runId(), page.config.getState().config, 1, 25, 100) });
  page.emit({ type: 'kept', runId: page.runId(), step: 20, file: new Blob(['kept']) });
  lose();
  return { ...page, lose, comeBack };
}

/** A run of another page, on enwik8. */
export function otherRun(curves: ReturnType<typeof createCurvesStore>): AdoptedRun {
  const { config, preset } = decodeQuery('p=micro&ds=enwik8');
  const kept = { step: 5, file: new Blob(['kept elsewhere']) };
  return { config, preset, kept, metrics: curves.getState().metrics, text: null };
}

/** Opens a file of the visitor's, which the worker can read. */
export async function openOwn(
  page: ReturnType<typeof openPage>,
  name: string,
  sha256 = `that of ${name}`,
): Promise<void> {
  await page.texts.openFile(new Blob([`all of ${name}`]), name);
  page.emit({ type: 'corpus', info: { ...mobyDick, dataset: 'own', name, sha256 } });
}
