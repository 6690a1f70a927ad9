import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { readRun } from '../../src/cli/train/run-file.ts';
import type { SaveOption } from '../../src/cli/train/run-file.ts';
import { RunSaver } from '../../src/cli/train/run-saver.ts';
import type { Checkpoint } from '../../src/train/saving/checkpoint.ts';
import { emptyCheckpoint } from '../support/empty-checkpoint.ts';

/** A run at a step that can go back to an earlier one, and its file in an empty folder. */
async function open({
  step = 100,
  sound = null as number | null,
  from = null as number | null,
  options = ['--save'] as SaveOption[],
} = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'strata-saver-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'run');
  const model = join(folder, 'model');
  const run = {
    step,
    goesWell: true,
    save: vi.fn<() => Promise<Checkpoint>>(),
    goBack: (): number | null => {
      if (sound !== null) run.step = sound;
      return sound;
    },
  };
  run.save.mockImplementation(async () => emptyCheckpoint({ step: run.step }));
  const saver = new RunSaver({
    run,
    files: Object.fromEntries(options.map((option) => [option, option === '--save' ? file : model])),
    from: from === null ? null : { step: from, file },
    complete: (checkpoint) => ({ ...checkpoint, name: 'mine' }),
    onSaved: () => {},
  });
  const stepIn = async (name: 'run' | 'model') =>
    (await readdir(folder)).includes(name) ? (await readRun(join(folder, name))).step : null;
  return { run, file, model, saver, saved: () => stepIn('run'), savedModel: () => stepIn('model') };
}

it('saves a run with what only its owner knows, and says from where it goes on', async () => {
  const { file, saver, saved } = await open();
  expect(saver.state).toBe('Nothing was saved.');
  await saver.save();
  expect(await saved()).toBe(100);
  expect((await readRun(file)).name).toBe('mine');
  expect(saver.state).toBe(`The run is saved as it was at step 100: --resume ${file} goes on from there.`);
});

it('saves of a run that has gone wrong what it was before', async () => {
  const { saver, saved } = await open({ sound: 80 });
  await saver.saveSound();
  expect(await saved()).toBe(80);
  expect(saver.state).toContain('at step 80:');
});

it('leaves the file as it is where that is as new, or nothing sound is left', async () => {
  const newer = await open({ sound: 80 });
  newer.run.step = 90;
  await newer.saver.save();
  await newer.saver.saveSound();
  expect(await newer.saved()).toBe(90);
  const begun = await open({ sound: 30, from: 30 });
  await begun.saver.saveSound();
  expect(begun.run.save).not.toHaveBeenCalled();
  expect(begun.saver.state).toContain('at step 30:');
  const large = await open();
  await large.saver.saveSound();
  expect(await large.saved()).toBeNull();
  expect(large.saver.state).toBe('Nothing was saved.');
});

it('saves a run that goes on in another file, also as it was in the one that it comes from', async () => {
  const { run, file, saved } = await open({ sound: 30 });
  const from = { step: 30, file: 'another' };
  const saver = new RunSaver({
    run,
    files: { '--save': file },
    from,
    complete: (checkpoint) => checkpoint,
    onSaved: () => {},
  });
  await saver.saveSound();
  expect(await saved()).toBe(30);
});

it('does not save on the way what has turned out not to go well meanwhile', async () => {
  const { run, saver, saved } = await open();
  run.save.mockImplementationOnce(async () => {
    run.goesWell = false;
    return emptyCheckpoint({ step: 100 });
  });
  await saver.saveWhereWell();
  expect(await saved()).toBeNull();
  run.goesWell = true;
  await saver.saveWhereWell();
  expect(await saved()).toBe(100);
});

it('saves a run and its model alone, of the same step', async () => {
  const { run, file, model, saver, saved, savedModel } = await open({ options: ['--save', '--save-model'] });
  await saver.save();
  expect(run.save).toHaveBeenCalledTimes(1);
  expect([await saved(), await savedModel()]).toEqual([100, 100]);
  expect((await readRun(model)).isModelAlone).toBe(true);
  expect((await readRun(file)).isModelAlone).toBeUndefined();
  expect(saver.state).toBe(
    `The run is saved as it was at step 100: --resume ${file} goes on from there. ` +
      `Its model alone is saved as it was at step 100, in ${model}.`,
  );
});

it('saves the model alone where nothing else is wanted, and of a run that has gone wrong what it was before', async () => {
  const { model, saver, saved, savedModel } = await open({ options: ['--save-model'], sound: 80 });
  await saver.saveSound();
  expect([await saved(), await savedModel()]).toEqual([null, 80]);
  expect(saver.state).toBe(`Its model alone is saved as it was at step 80, in ${model}.`);
});

it('leaves the file of the run as it is where only that of the model is older', async () => {
  const { run, saver, saved, savedModel } = await open({ options: ['--save', '--save-model'], sound: 30, from: 30 });
  await saver.saveSound();
  expect([await saved(), await savedModel()]).toEqual([null, 30]);
  expect(run.save).toHaveBeenCalledTimes(1);
  await saver.saveSound();
  expect(run.save).toHaveBeenCalledTimes(1);
});
