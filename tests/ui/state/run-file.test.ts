import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { presetConfig } from '../../../src/config/presets.ts';
import { summariseRun } from '../../../src/protocol/run-file.ts';
import { withTensors } from '../../../src/protocol/safetensors.ts';
import { readCheckpoint, writeCheckpoint } from '../../../src/train/checkpoint.ts';
import type { AdoptedRun, OwnText } from '../../../src/ui/state/run-controller.ts';
import { curveHistory, curveTensors } from '../../../src/ui/state/curve-file.ts';
import { RunFile } from '../../../src/ui/state/run-file.ts';
import { historyOf } from '../../../src/ui/state/run-history.ts';
import { createCurvesStore } from '../../../src/ui/state/curves.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { initialRunState, type RunState } from '../../../src/ui/state/run-state.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';
import { emptyCheckpoint } from '../../support/empty-checkpoint.ts';

function openPage(ownText: OwnText | null = null) {
  const run = createStore<RunState>(() => initialRunState);
  const adopted: AdoptedRun[] = [];
  const curves = createCurvesStore();
  const runFile = new RunFile({ run, curves, controller: { ownText, adopt: (other) => void adopted.push(other) } });
  return { run, curves, adopted, runFile };
}

/** A file of a run of `micro`, after 9 steps. */
function fileOf(dataset: 'own' | 'sample'): File {
  const parts = writeCheckpoint(emptyCheckpoint({ step: 9, config: { ...presetConfig('micro'), dataset } }));
  return new File(parts, 'run.safetensors');
}

test('the run of a file is offered, and goes on when that is wanted', async () => {
  const { run, runFile, adopted } = openPage();
  await runFile.open(fileOf('sample'));
  expect(run.getState().runFile).toEqual({ name: 'run.safetensors', step: 9, steps: 300, hasCurve: false });
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

test('a run is saved with its curve up to there, and goes on with it elsewhere', async () => {
  const config = presetConfig('micro');
  const metrics = new RunMetrics();
  const batch = plausibleMetrics(4, config, 1, 12, 100);
  const times = { forward: batch.step, backward: batch.gradNorm, update: batch.step };
  metrics.append({ ...batch, passMilliseconds: times }, config.model);
  metrics.appendValidation(5, 6.5, [null, 0.4]);
  metrics.appendValidation(8, 5.5, [null, null]);
  metrics.marks.push({ step: 6, name: 'device lost, on from 6' });
  const here = openPage();
  here.curves.setState({ metrics });
  const file = new Blob(writeCheckpoint(emptyCheckpoint({ step: 9, config })));
  here.run.setState({ config, kept: { step: 9, file } });
  const saved = (await here.runFile.save())!;

  const there = openPage();
  await there.runFile.open(new File([saved.file], saved.name));
  expect(there.run.getState().runFile).toMatchObject({ name: 'strata-step-9.safetensors', hasCurve: true });
  there.runFile.goOn();
  const [{ metrics: found, kept }] = there.adopted;
  const expected = metrics.upTo(9);
  expected.bytesPerSecond = 0;
  expect(found).toEqual(expected);
  const { curve: _, ...without } = readCheckpoint(await saved.file.arrayBuffer());
  expect(without).toEqual(readCheckpoint(await file.arrayBuffer()));

  // Saved again before it has been kept anew, it is the same file.
  there.run.setState({ config, kept });
  expect((await there.runFile.save())!.file).toBe(kept.file);
});

test('a run whose curve is damaged goes on without', async () => {
  const config = presetConfig('micro');
  const tensors = new Map([['curve/step', { dtype: 'F64' as const, shape: [1], data: Float64Array.of(1) }]]);
  const plain = new Blob(writeCheckpoint(emptyCheckpoint({ step: 9, config })));
  const { head } = await summariseRun(plain);
  const { run, runFile, adopted } = openPage();
  await runFile.open(
    new File([withTensors(plain, head, tensors, { ...head.metadata, version: '2' })], 'a.safetensors'),
  );
  expect(run.getState().runFile).toMatchObject({ step: 9, hasCurve: false });
  runFile.goOn();
  expect(adopted).toHaveLength(1);
});

test('a curve of which one column is shorter is none', () => {
  const config = presetConfig('micro');
  const metrics = new RunMetrics();
  const batch = plausibleMetrics(4, config, 1, 12, 100);
  const times = { forward: batch.step, backward: batch.gradNorm, update: batch.step };
  metrics.append({ ...batch, passMilliseconds: times }, config.model);
  metrics.appendValidation(5, 6.5, [null, 0.4]);
  const whole = curveTensors(historyOf(metrics), [1, 4]);
  expect(curveHistory(whole, [1, 4])).not.toBeNull();
  for (const [name, tensor] of whole) {
    if (tensor.dtype !== 'F64') continue;
    const shorter = new Map(whole).set(name, { ...tensor, data: tensor.data.slice(1) });
    expect(curveHistory(shorter, [1, 4]), name).toBeNull();
  }
});

test('without a run there is nothing to save', async () => {
  expect(await openPage().runFile.save()).toBeNull();
});
