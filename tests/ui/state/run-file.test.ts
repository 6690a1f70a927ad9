import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { presetConfig } from '../../../src/config/presets.ts';
import { writeCheckpoint } from '../../../src/train/checkpoint.ts';
import type { AdoptedRun, OwnText } from '../../../src/ui/state/run-controller.ts';
import { RunFile } from '../../../src/ui/state/run-file.ts';
import { initialRunState, type RunState } from '../../../src/ui/state/run-state.ts';
import { emptyCheckpoint } from '../../support/empty-checkpoint.ts';

function openPage(ownText: OwnText | null = null) {
  const run = createStore<RunState>(() => initialRunState);
  const adopted: AdoptedRun[] = [];
  const runFile = new RunFile({ run, controller: { ownText, adopt: (other) => void adopted.push(other) } });
  return { run, adopted, runFile };
}

/** A file of a run of `micro`, after 9 steps. */
function fileOf(dataset: 'own' | 'sample'): File {
  const parts = writeCheckpoint(emptyCheckpoint({ step: 9, config: { ...presetConfig('micro'), dataset } }));
  return new File(parts, 'run.safetensors');
}

test('the run of a file is offered, and goes on when that is wanted', async () => {
  const { run, runFile, adopted } = openPage();
  await runFile.open(fileOf('sample'));
  expect(run.getState().runFile).toEqual({ name: 'run.safetensors', step: 9, steps: 300 });
  runFile.goOn();
  expect(run.getState().runFile).toBeNull();
  expect(adopted[0]).toMatchObject({ config: { dataset: 'sample' }, kept: { step: 9 }, text: null });
});

test("a run on the visitor's own text goes on with it", async () => {
  const text = { file: new Blob(['a text']), name: 'mine.txt' };
  const { runFile, adopted } = openPage(text);
  await runFile.open(fileOf('own'));
  runFile.goOn();
  expect(adopted[0].text).toBe(text);
});

test('a file that is left is offered no more', async () => {
  const { run, runFile, adopted } = openPage();
  await runFile.open(fileOf('sample'));
  runFile.leave();
  runFile.goOn();
  expect(run.getState().runFile).toBeNull();
  expect(adopted).toEqual([]);
});

test('a file that is no run, or whose text is not there, is refused by its name and the reason', async () => {
  const { run, runFile } = openPage();
  await runFile.open(new File(['no run'], 'notes.safetensors'));
  expect(run.getState().runFileFailure).toBe('notes.safetensors: it is no safetensors file.');
  await runFile.open(fileOf('own'));
  expect(run.getState().runFileFailure).toBe('run.safetensors: open its text first: words.');
  runFile.closeFailure();
  expect(run.getState().runFileFailure).toBeNull();
});
