import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { presetConfig } from '../../../src/config/presets.ts';
import type { DatasetId, RunConfig } from '../../../src/config/types.ts';
import { curveHistory, curveTensors } from '../../../src/protocol/curve-file.ts';
import { MODEL_ALONE, summariseRun } from '../../../src/protocol/run-file.ts';
import { withTensors } from '../../../src/protocol/safetensors.ts';
import { readCheckpoint, writeCheckpoint, writeModel } from '../../../src/train/saving/checkpoint.ts';
import { runName } from '../../../src/ui/compare/run-name.ts';
import { keepRuns, renameRun } from '../../../src/ui/state/runs.ts';
import type { AdoptedRun } from '../../../src/ui/state/run-controller.ts';
import type { OwnText } from '../../../src/ui/state/text-opener.ts';
import { RunFile } from '../../../src/ui/state/run-file.ts';
import { historyOf } from '../../../src/ui/state/run-history.ts';
import { createConfigStore } from '../../../src/ui/state/config-store.ts';
import { createCurvesStore } from '../../../src/ui/state/curves.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { initialRunState, type RunState } from '../../../src/ui/state/run-state.ts';
import { mobyDick, plausibleMetrics } from '../support/fake-worker.ts';
import { emptyCheckpoint } from '../../support/empty-checkpoint.ts';

function openPage(ownText: OwnText | null = null, corpus: RunState['corpus'] = null) {
  const run = createStore<RunState>(() => ({ ...initialRunState, corpus }));
  const adopted: AdoptedRun[] = [];
  const curves = createCurvesStore();
  const runs = keepRuns({ run, curves });
  const controller = { adopt: (other: AdoptedRun) => void adopted.push(other) };
  const config = createConfigStore('quick', presetConfig('quick'), false);
  const runFile = new RunFile({ config, run, curves, runs, controller, texts: { own: ownText } });
  return { config, run, curves, runs, adopted, runFile };
}

const mine = { name: 'mine.txt', bytes: 6, sha256: 'that of mine' };

/** A file of a run of `micro`, after 9 steps. */
function fileOf(dataset: DatasetId, text = emptyCheckpoint().text): File {
  const parts = writeCheckpoint(emptyCheckpoint({ step: 9, config: { ...presetConfig('micro'), dataset }, text }));
  return new File(parts, 'run.safetensors');
}

test('the run of a file is offered, and goes on when that is wanted', async () => {
  const { run, runFile, adopted } = openPage();
  await runFile.open(fileOf('sample'));
  expect(run.getState().runFile).toEqual({
    name: 'run.safetensors',
    runName: runName(presetConfig('micro')),
    since: new Map(),
    config: presetConfig('micro'),
    preset: 'micro',
    step: 9,
    text: 'words',
    curveEnd: 0,
    isModelAlone: false,
    isTextMissing: false,
  });
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

test('a run goes on with the text that is loaded when it is the one that it was trained on, whatever it calls it', async () => {
  const text = { file: new Blob(['a text']), name: 'renamed.txt' };
  const loaded = { ...mobyDick, ...mine, dataset: 'own' as const };
  for (const dataset of ['sample', 'enwik8', 'own'] as const) {
    const { runFile, adopted } = openPage(text, loaded);
    await runFile.open(fileOf(dataset, mine));
    runFile.goOn();
    expect(adopted[0]).toMatchObject({ config: { dataset: 'own' }, text });
  }
});

test('a run does not go on while another text is loaded as the one that it names, and others can begin with its weights', async () => {
  const other = { ...mobyDick, ...mine, dataset: 'own' as const, sha256: 'that of another' };
  const own = openPage({ file: new Blob(['another']), name: 'mine.txt' }, other);
  await own.runFile.open(fileOf('own', mine));
  expect(own.run.getState().runFile).toMatchObject({ isTextMissing: true, text: 'mine.txt' });
  own.runFile.goOn();
  expect(own.adopted).toEqual([]);
  // As the command line once saved it.
  const sample = openPage(null, mobyDick);
  await sample.runFile.open(fileOf('sample', mine));
  expect(sample.run.getState().runFile).toMatchObject({ isTextMissing: true, text: 'mine.txt' });
  const before = sample.config.getState().config;
  sample.runFile.beginWithOffered();
  expect(sample.run.getState().runFile).toBeNull();
  const { config, preset, weights } = sample.config.getState();
  expect(config).toEqual({ ...before, model: presetConfig('micro').model });
  expect(preset).toBe('micro');
  expect(weights).toMatchObject({ name: 'run.safetensors', step: 9, model: config.model });
});

test('the next run can begin with the weights of the present one, under its name, as they were kept', async () => {
  const { config: form, run, runs, runFile } = openPage();
  runFile.beginWithPresent();
  expect(form.getState().weights).toBeNull();
  const config = presetConfig('micro');
  const file = new Blob(writeCheckpoint(emptyCheckpoint({ step: 9, config })));
  run.setState({ config, preset: 'micro', kept: { step: 9, file } });
  renameRun(runs, run.getState().runId, 'the whale');
  runFile.beginWithPresent();
  const expected = { file, name: 'the whale', step: 9, model: config.model, preset: 'micro' };
  expect(form.getState().weights).toEqual(expected);
  expect(form.getState().config).toEqual({ ...presetConfig('quick'), model: config.model });
});

test('a run of a file still knows which weights it began with, and so do its files', async () => {
  const firstWeights = { name: 'the whale', step: 1200, sha256: 'aa' };
  const { run, runFile, adopted } = openPage();
  const file = new Blob(writeCheckpoint(emptyCheckpoint({ step: 9, firstWeights })));
  await runFile.open(new File([file], 'run.safetensors'));
  runFile.goOn();
  expect(adopted[0]).toMatchObject({ firstWeights });
  run.setState({ config: presetConfig('micro'), kept: { step: 9, file } });
  for (const saved of [await runFile.save(), await runFile.saveModel()])
    expect(await summariseRun(saved!.file)).toMatchObject({ firstWeights });
  await runFile.open(fileOf('sample'));
  runFile.goOn();
  expect(adopted[1]).not.toHaveProperty('firstWeights');
});

test('a run that names a text which is not loaded is offered, since its text can come', async () => {
  const { run, runFile } = openPage(null, mobyDick);
  await runFile.open(fileOf('enwik8', mine));
  expect(run.getState().runFile).toMatchObject({ config: { dataset: 'enwik8' }, text: 'mine.txt' });
});

test('the file of a run has the name of the run, also one that was given to it', async () => {
  const config = presetConfig('micro');
  const { run, runs, runFile } = openPage();
  const file = new Blob(writeCheckpoint(emptyCheckpoint({ step: 9, config })));
  run.setState({ config, kept: { step: 9, file } });
  const name = async () => (await runFile.save())!.name;
  expect(await name()).toBe(`strata-${runName(config).replace(' ', '-')}-step-9.safetensors`);
  for (const [given, expected] of [
    ['Größer: 2× / Versuch 3!', 'größer-2-versuch-3'],
    ['…', runName(config).replace(' ', '-')],
  ]) {
    renameRun(runs, run.getState().runId, given);
    expect(await name()).toBe(`strata-${expected}-step-9.safetensors`);
  }
});

test('a file that is left is offered no more', async () => {
  const { run, runFile, adopted } = openPage();
  await runFile.open(fileOf('sample'));
  runFile.leave();
  runFile.goOn();
  expect(run.getState().runFile).toBeNull();
  expect(adopted).toEqual([]);
});

test('who opens a text as a run is told where texts are opened', async () => {
  const { run, runFile } = openPage();
  await runFile.open(new File(['It was a dark night.'], 'own.txt'));
  expect(run.getState().runFileFailure).toBe(
    'own.txt: it is no safetensors file. A text to train on is opened under Data.',
  );
});

test('a file that is no run is refused by its name and the reason', async () => {
  const { run, runFile } = openPage();
  await runFile.open(new File(['no run'], 'notes.safetensors'));
  expect(run.getState().runFileFailure).toBe('notes.safetensors: it is no safetensors file.');
  await runFile.open(new File(['no run'], 'NOTES.SAFETENSORS'));
  expect(run.getState().runFileFailure).toBe('NOTES.SAFETENSORS: it is no safetensors file.');
  runFile.closeFailure();
  expect(run.getState().runFileFailure).toBeNull();
});

/** Twelve steps of a run whose passes were timed and whose weights were changed on the way, and a validation. */
function timedMetrics(config: RunConfig): RunMetrics {
  const metrics = new RunMetrics();
  const batch = plausibleMetrics(4, config, 1, 12, 100);
  const times = { forward: batch.step, backward: batch.gradNorm, update: batch.step };
  const later = { ...config.model, arWeight: 2 * config.model.arWeight };
  metrics.append({ ...batch, passMilliseconds: times }, (step) => (step <= 6 ? config.model : later));
  metrics.appendValidation(5, 6.5, [null, 0.4]);
  return metrics;
}

test('a run is saved with its curve up to there, and goes on with it elsewhere', async () => {
  const config = presetConfig('micro');
  const metrics = timedMetrics(config);
  metrics.appendValidation(8, 5.5, [null, null]);
  metrics.testScore = { step: 7, bits: Float64Array.of(10.5, 12), bytes: Float64Array.of(4, 3) };
  metrics.marks = [
    { step: 6, name: 'GPU lost, on from 6' },
    { step: 8, name: 'learning rate 1e-4', settings: ['learningRate'] },
  ];
  const here = openPage();
  here.curves.setState({ metrics });
  const file = new Blob(writeCheckpoint(emptyCheckpoint({ step: 9, config })));
  here.run.setState({ config, kept: { step: 9, file } });
  const saved = (await here.runFile.save())!;

  const there = openPage();
  await there.runFile.open(new File([saved.file], saved.name));
  expect(there.run.getState().runFile).toMatchObject({ name: saved.name, curveEnd: 9 });
  there.runFile.goOn();
  const [{ metrics: found, kept }] = there.adopted;
  const expected = metrics.upTo(9);
  expected.endEarlier();
  expect(found).toEqual(expected);
  const { curve: _, name, ...without } = readCheckpoint(await saved.file.arrayBuffer());
  expect(name).toBe(runName(config));
  expect(without).toEqual(readCheckpoint(await file.arrayBuffer()));

  // Saved again before it has been kept anew, it is the same file.
  there.run.setState({ config, kept });
  expect((await there.runFile.save())!.file).toBe(kept.file);

  renameRun(there.runs, there.run.getState().runId, 'mine');
  const renamed = (await there.runFile.save())!;
  const back = openPage();
  await back.runFile.open(new File([renamed.file], renamed.name));
  expect(back.run.getState().runFile).toMatchObject({ runName: 'mine', curveEnd: 9 });
  back.runFile.goOn();
  expect(back.adopted[0]).toMatchObject({ name: 'mine', kept: { step: 9 } });
});

test('the model of a run is saved alone, in a file of its own name, and opens like a run', async () => {
  const config = presetConfig('micro');
  const weights = new Map([['w', { shape: [3], data: Float32Array.of(1, 2, 3) }]]);
  const kept = emptyCheckpoint({ step: 9, config, weights, firstMoments: weights, secondMoments: weights });
  const here = openPage();
  here.curves.setState({ metrics: timedMetrics(config) });
  here.run.setState({ config, kept: { step: 9, file: new Blob(writeCheckpoint(kept)) } });
  const [run, model] = [(await here.runFile.save())!, (await here.runFile.saveModel())!];
  expect(model.name).toBe(run.name.replace('.safetensors', '-model.safetensors'));
  const { head } = await summariseRun(model.file);
  expect(head.metadata.version).toBe(MODEL_ALONE);
  // The command line writes the same.
  const whole = readCheckpoint(await run.file.arrayBuffer());
  expect(new Uint8Array(await model.file.arrayBuffer())).toEqual(
    new Uint8Array(await new Blob(writeModel(whole)).arrayBuffer()),
  );

  const there = openPage();
  await there.runFile.open(new File([model.file], model.name));
  expect(there.run.getState().runFile).toMatchObject({ step: 9, curveEnd: 9, isModelAlone: true });
  there.runFile.goOn();
  const [{ kept: opened, metrics }] = there.adopted;
  expect([metrics.lastStep, metrics.testScore]).toEqual([9, null]);
  // Until the worker has kept it anew, there is no run that could be saved, but its model.
  there.run.setState({ config, kept: opened });
  expect(await there.runFile.save()).toBeNull();
  expect((await there.runFile.saveModel())!.file.size).toBe(model.file.size);
});

test('a run from elsewhere goes on at once where there is none, and is offered where one would end', async () => {
  const { run, runFile, adopted } = openPage();
  await runFile.openFromElsewhere(fileOf('sample'));
  expect(run.getState().runFile).toBeNull();
  expect(adopted).toMatchObject([{ name: 'trained elsewhere', elsewhere: 9, kept: { step: 9 } }]);

  run.setState({ phase: { name: 'paused' } });
  await runFile.openFromElsewhere(fileOf('sample'));
  expect(adopted).toHaveLength(1);
  expect(run.getState().runFile).toMatchObject({ runName: 'trained elsewhere', step: 9 });
  runFile.goOn();
  expect(adopted[1]).toMatchObject({ name: 'trained elsewhere', elsewhere: 9 });

  await expect(runFile.openFromElsewhere(new File(['no run'], 'a.safetensors'))).rejects.toThrow(
    'it is no safetensors file',
  );
  expect(run.getState().runFileFailure).toBeNull();
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
  expect(run.getState().runFile).toMatchObject({ step: 9, curveEnd: 0 });
  runFile.goOn();
  expect(adopted).toHaveLength(1);
});

test('a run stands where its file says, also where the curve ends earlier or is not there', async () => {
  const config = presetConfig('micro');
  const curve = curveTensors(historyOf(timedMetrics(config)), [1, 4]);
  for (const [given, measured] of [
    [curve, 12],
    [undefined, 0],
  ] as const) {
    const { run, runFile, adopted } = openPage();
    const parts = writeCheckpoint(emptyCheckpoint({ step: 90, config, curve: given }));
    await runFile.open(new File(parts, 'run.safetensors'));
    expect(run.getState().runFile).toMatchObject({ step: 90, curveEnd: measured });
    runFile.goOn();
    const { lastStep, madeSteps, isUpToDate } = adopted[0].metrics;
    expect({ lastStep, madeSteps, isUpToDate }).toEqual({ lastStep: measured, madeSteps: 90, isUpToDate: false });
    const goesOn = adopted[0].metrics;
    goesOn.append(plausibleMetrics(4, config, 91, 93, 100), config.model);
    expect([goesOn.lastStep, goesOn.madeSteps, goesOn.isUpToDate]).toEqual([93, 93, true]);
  }
});

test('a curve of which one column is shorter is none', () => {
  const config = presetConfig('micro');
  const metrics = timedMetrics(config);
  const whole = curveTensors(historyOf(metrics), [1, 4]);
  expect(curveHistory(whole, [1, 4])).not.toBeNull();
  for (const [name, tensor] of whole) {
    if (tensor.dtype !== 'F64') continue;
    const shorter = new Map(whole).set(name, { ...tensor, data: tensor.data.slice(1) });
    expect(curveHistory(shorter, [1, 4]), name).toBeNull();
  }
});

test('a curve of a file from before weights of losses were kept is whole without them', () => {
  const tensors = curveTensors(historyOf(timedMetrics(presetConfig('micro'))), [1, 4]);
  const names = [...tensors.keys()].filter((name) => name.startsWith('curve/loss_weights/'));
  for (const name of names) tensors.delete(name);
  expect([names.length, curveHistory(tensors, [1, 4])?.weights]).toEqual([3, []]);
});

test('without a run there is nothing to save', async () => {
  expect(await openPage().runFile.save()).toBeNull();
});
