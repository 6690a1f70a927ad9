import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { createConfigStore } from '../../../src/ui/state/config-store.ts';
import { createCurvesStore } from '../../../src/ui/state/curves.ts';
import { RunController } from '../../../src/ui/state/run-controller.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { FakeWorker, gpuAdapter, mobyDick } from '../support/fake-worker.ts';

const mine = { ...mobyDick, dataset: 'own', name: 'mine.txt', bytes: 100_000 } as const;

test('a run keeps the text that it began with, whatever is chosen for the next one', () => {
  const { config, preset } = decodeQuery('');
  const run = createStore<RunState>(() => initialRunState);
  const worker = new FakeWorker();
  const controller = new RunController({
    connect: () => worker,
    config: createConfigStore(preset, config, false),
    run,
    curves: createCurvesStore(),
    requestRevision: () => {},
    onStart: () => {},
    urls: { embedded: 'moby.txt', enwik8: 'enwik8.gz' },
  });
  const texts = (): unknown[] => [run.getState().runCorpus?.name, run.getState().corpus?.name];
  controller.open();
  worker.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  worker.emit({ type: 'corpus', info: mobyDick });
  expect(texts()).toEqual([undefined, 'Moby Dick']);

  controller.train();
  void controller.openFile(new Blob(['text']), 'mine.txt');
  worker.emit({ type: 'corpus', info: mine });
  expect(texts()).toEqual(['Moby Dick', 'mine.txt']);

  controller.reset();
  expect(texts()).toEqual([undefined, 'mine.txt']);
  controller.train();
  expect(texts()).toEqual(['mine.txt', 'mine.txt']);
});
