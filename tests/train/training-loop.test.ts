import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import type { WorkerEvent } from '../../src/protocol/events.ts';
import { Figures } from '../../src/train/figures.ts';
import { Validator } from '../../src/train/passes/validator.ts';
import { LossWatch } from '../../src/train/saving/loss-watch.ts';
import { RestorePoints } from '../../src/train/saving/restore-points.ts';
import { RunsOnDevice } from '../support/runs-on-device.ts';
import { tinyRun } from '../support/tiny-model.ts';

const runs = new RunsOnDevice();
const { create, ofType, rows } = runs;

describe('the loop of a run', () => {
  it('makes exactly one step at a time, and goes on where it stood', async () => {
    const trainer = await create();
    await trainer.advance(1);
    await trainer.advance(1);
    expect(rows().map(({ step }) => step)).toEqual([1, 2]);
    expect(ofType('paused').map(({ step }) => step)).toEqual([1, 2]);
    await trainer.resume();
    expect(rows().map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    await trainer.stop();
  });

  it('says how long the GPU may take, before the first step and by how long steps took', async () => {
    const bePatient = vi.spyOn(Gpu.prototype, 'bePatient');
    onTestFinished(() => bePatient.mockRestore());
    const trainer = await create();
    const [[beforeAny]] = bePatient.mock.calls;
    expect(beforeAny).toBeGreaterThan(0);
    await trainer.advance(1);
    expect(bePatient).toHaveBeenLastCalledWith(beforeAny);
    await trainer.advance(1);
    const [bySteps] = bePatient.mock.lastCall!;
    expect(bySteps).toBeGreaterThan(0);
    expect(bySteps).not.toBe(beforeAny);
    await trainer.stop();
  });

  it('goes on from a single step that is resumed while it is under way', async () => {
    const trainer = await create();
    const step = trainer.advance(1);
    await trainer.resume();
    await step;
    expect(rows().map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(runs.events.map(({ type }) => type).filter((type) => /resumed|paused|done/.test(type))).toEqual([
      'resumed',
      'done',
    ]);
    await trainer.stop();
  });

  it('goes on where it is resumed before it stands still, in one loop and without a pause', async () => {
    const trainer = await create();
    const loops = [trainer.resume()];
    for (let i = 0; i < 3; i++) loops.push(trainer.pause(), trainer.resume());
    await Promise.all(loops);
    expect(rows().map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(runs.events.filter(({ type }) => /paused|done/.test(type))).toEqual([{ type: 'done', runId: 1, step: 30 }]);
    await trainer.stop();
  });

  it('stands still when paused, with all figures delivered', async () => {
    const trainer = await create({ config: tinyRun({ training: { steps: 100_000 } }) });
    const running = trainer.resume();
    while (rows().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await trainer.pause();
    await running;
    const { step } = ofType('paused')[0];
    expect(rows().at(-1)!.step).toBe(step);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(rows().at(-1)!.step).toBe(step);
    await trainer.stop();
  });

  it('does not wait for all batches of a validation to stand still, and makes the others when it goes on', async () => {
    const undisturbed = await create({ validateEvery: 10 });
    await undisturbed.resume();
    await undisturbed.stop();
    const expected = ofType('validation');
    expect(expected.map(({ step }) => step)).toEqual([10, 20, 30]);

    runs.events = [];
    const trainer = await create({ validateEvery: 10 });
    await trainer.advance(10);
    expect(ofType('validation')).toEqual([]);
    await trainer.resume();
    expect(ofType('validation')).toEqual(expected);
    expect(runs.events.at(-1)!.type).toBe('done');
    await trainer.stop();
  });

  it('gives the rest of a validation up for a single step, or where it goes back', async () => {
    const trainer = await create({ validateEvery: 10 });
    await trainer.advance(10);
    await trainer.advance(1);
    await trainer.advance(9);
    const blownUp = vi.spyOn(LossWatch.prototype, 'hasBlownUp', 'get').mockReturnValueOnce(true);
    onTestFinished(() => blownUp.mockRestore());
    await trainer.rewind();
    await trainer.stop();
    expect(ofType('rewound').map(({ step }) => step)).toEqual([0]);
    // Neither the one of step 10 that a single step came after, nor the one of step 20 that was undone.
    expect(ofType('validation').map(({ step }) => step)).toEqual([10, 20, 30]);
  });

  it('goes back after it has diverged, and from there on is the run that never went wrong', async () => {
    const { learningRate } = tinyRun().training;
    const settings = { learningRate, reconWeight: 0.1, arWeight: 0.25 };
    const config = tinyRun({ training: { steps: 60 } });
    const undisturbed = await create({ config });
    await undisturbed.resume();
    await undisturbed.stop();
    const expected = rows();

    runs.events = [];
    const trainer = await create({ config });
    await trainer.rewind();
    expect(runs.events.filter(({ type }) => type === 'rewound')).toEqual([]);
    await trainer.advance(40);
    trainer.adjust({ ...settings, learningRate: 1e30 });
    await trainer.resume();
    const [{ rewindStep }] = ofType('diverged');
    // It went well until then.
    expect(rewindStep).toBe(40);
    trainer.adjust(settings);
    runs.events = [];
    await trainer.rewind();
    await trainer.stop();

    expect(ofType('rewound').map((event) => event.step)).toEqual([rewindStep]);
    expect(rows()).toEqual(expected.filter((row) => row.step > rewindStep!));
    expect(runs.events.at(-1)).toEqual({ type: 'done', runId: 1, step: 60 });
  });

  it('goes back without going on, so that what was sound can be saved where it has diverged', async () => {
    const { learningRate } = tinyRun().training;
    const config = tinyRun({ training: { steps: 60 } });
    const trainer = await create({ config });
    expect(trainer.goBack()).toBeNull();
    await trainer.advance(40);
    const { step, weights, firstMoments, secondMoments, optimizer } = await trainer.save();
    trainer.adjust({ learningRate: 1e30, reconWeight: 0.1, arWeight: 0.25 });
    await trainer.resume();
    await expect(trainer.save()).rejects.toThrow('the run has diverged');
    expect(trainer.goBack()).toBe(40);
    trainer.adjust({ learningRate, reconWeight: 0.1, arWeight: 0.25 });
    expect(await trainer.save()).toMatchObject({ step, weights, firstMoments, secondMoments, optimizer });
    expect(trainer.step).toBe(40);
    await trainer.stop();
  });

  it('goes back, where it is asked to, as soon as a loss was high, and not to what may have caused that', async () => {
    const trainer = await create({ config: tinyRun({ training: { steps: 400 } }), validateEvery: 0 });
    for (let step = 1; step <= 45; step++) await trainer.advance(1);
    expect(trainer.goBack()).toBeNull();
    const watch = (trainer as unknown as { losses: LossWatch }).losses;
    watch.note(46, 1000);
    expect(trainer.hasBlownUp).toBe(false);
    await trainer.rewind();
    expect(trainer.step).toBe(45);
    // There is a point at 40, too, for which only five losses speak.
    expect(trainer.goBack()).toBe(20);
    expect((await trainer.save()).step).toBe(20);
    await trainer.stop();
  });

  it('does not take one hard batch for a blow-up where it validates well', async () => {
    const trainer = await create({ config: tinyRun({ training: { steps: 40 } }), validateEvery: 20 });
    const { note } = LossWatch.prototype;
    const hard = vi.spyOn(LossWatch.prototype, 'note').mockImplementation(function (this: LossWatch, step, bits) {
      note.call(this, step, step === 30 || step === 40 ? 1000 : bits);
    });
    onTestFinished(() => hard.mockRestore());
    await trainer.advance(30);
    expect(trainer.goesWell).toBe(false);
    await trainer.resume();
    expect(trainer.goesWell).toBe(true);
    await trainer.stop();
  });

  it('goes back to before settings that ruined it, at any time, and from there on is the run that never had them', async () => {
    const { learningRate } = tinyRun().training;
    const settings = { learningRate, reconWeight: 0.1, arWeight: 0.25 };
    const config = tinyRun({ training: { steps: 400 } });
    const undisturbed = await create({ config });
    await undisturbed.advance(60);
    await undisturbed.stop();
    const expected = rows();

    runs.events = [];
    const trainer = await create({ config });
    await trainer.advance(50);
    trainer.adjust({ ...settings, learningRate: 30 });
    await trainer.advance(150);
    const { blowUp } = ofType('blown-up').at(-1)!;
    expect(blowUp).toMatchObject({ wellUntil: 50, rewindStep: 50 });
    expect(trainer.goesWell).toBe(false);
    const running = trainer.resume();
    trainer.adjust(settings);
    runs.events = [];
    await Promise.all([running, trainer.rewind()]);
    await trainer.stop();

    const said = runs.events.filter(({ type }) => /rewound|resumed|paused|done/.test(type));
    expect(said).toEqual([
      { type: 'rewound', runId: 1, step: 50 },
      { type: 'resumed', runId: 1 },
      { type: 'done', runId: 1, step: 400 },
    ]);
    const again = rows().slice(rows().findLastIndex(({ step }) => step === 51));
    expect(again.slice(0, 10)).toEqual(expected.slice(50));
    expect(trainer.goesWell).toBe(true);
  });

  it('trains on where its losses come down while it stands still to go back', async () => {
    let isHigh = false;
    const blownUp = vi.spyOn(LossWatch.prototype, 'hasBlownUp', 'get').mockImplementation(() => isHigh);
    onTestFinished(() => blownUp.mockRestore());
    const trainer = await create({ config: tinyRun({ training: { steps: 60 } }) });
    await trainer.advance(30);
    const running = trainer.resume();
    isHigh = true;
    const back = trainer.rewind();
    isHigh = false;
    await Promise.all([running, back]);
    await trainer.stop();

    expect(ofType('rewound')).toEqual([]);
    expect(runs.events.at(-1)).toEqual({ type: 'done', runId: 1, step: 60 });
  });

  it('remembers what it reads at steps that it makes again', async () => {
    const { learningRate } = tinyRun().training;
    const trainer = await create({ config: tinyRun({ training: { steps: 110 } }) });
    trainer.watch(runs.corpus.bytes.slice(0, 16));
    await trainer.advance(60);
    trainer.adjust({ learningRate: learningRate / 2, reconWeight: 0.1, arWeight: 0.25 });
    await trainer.advance(45);
    const blownUp = vi.spyOn(LossWatch.prototype, 'hasBlownUp', 'get').mockReturnValueOnce(true);
    onTestFinished(() => blownUp.mockRestore());
    await trainer.rewind();
    await trainer.stop();

    expect(ofType('rewound').map(({ step }) => step)).toEqual([60]);
    expect(ofType('inspection').map(({ step }) => step)).toEqual([0, 1, 2, 5, 10, 20, 50, 100, 100]);
  });

  it('stops where a number is no longer finite, and names the last sound step', async () => {
    const trainer = await create({ config: tinyRun({ training: { learningRate: 1e30, warmupSteps: 0, clip: 0 } }) });
    await trainer.resume();
    const [diverged] = ofType('diverged');
    expect(diverged.lastFiniteStep).toBe(diverged.step - 1);
    expect(rows().map(({ step }) => step)).toEqual(Array.from({ length: diverged.lastFiniteStep }, (_, i) => i + 1));
    expect(rows().every(({ bpb }) => Number.isFinite(bpb))).toBe(true);
    expect(trainer.step).toBe(diverged.lastFiniteStep);
    await expect(trainer.save()).rejects.toThrow('save: the run has diverged');
    await trainer.stop();
  });

  it('forgets, when it goes on after that, what it kept under the numbers of steps that were not made', async () => {
    const trainer = await create({ config: tinyRun({ training: { learningRate: 1e30, warmupSteps: 0, clip: 0 } }) });
    await trainer.resume();
    const forget = vi.spyOn(RestorePoints.prototype, 'forgetAfter');
    onTestFinished(() => forget.mockRestore());
    await trainer.advance(1);
    expect(forget).toHaveBeenCalledWith(ofType('diverged')[0].lastFiniteStep);
    await trainer.stop();
  });

  it('tells all figures that it has before it says that it has failed', async () => {
    const received = vi.spyOn(Figures.prototype, 'receive');
    const measure = vi.spyOn(Validator.prototype, 'measure').mockImplementation(() => {
      throw new Error('no validation today');
    });
    onTestFinished(() => [received, measure].forEach((spy) => spy.mockRestore()));
    const trainer = await create({ validateEvery: 20 });
    await trainer.resume();
    await vi.waitUntil(() => ofType('failed').length > 0);
    expect(received).toHaveBeenCalled();
    expect(rows()).toHaveLength(received.mock.calls.length);
    expect(runs.events.at(-1)).toMatchObject({ type: 'failed', failure: { message: 'no validation today' } });
    await trainer.stop();
  });

  it('makes no more steps once it is broken off, and says why as its last word', async () => {
    const emit = (event: WorkerEvent): void => {
      if (event.type === 'metrics') trainer.breakOff('a buffer is too small');
      runs.events.push(event);
    };
    const trainer = await create({ config: tinyRun({ training: { steps: 100_000 } }), emit });
    await trainer.resume();
    trainer.breakOff('and another thing');
    const { step } = trainer;
    await trainer.resume();
    expect(trainer.step).toBe(step);
    await expect(trainer.save()).rejects.toThrow('save: the run has failed');
    await trainer.stop();
    const said = runs.events.filter(({ type }) => !/metrics|compiling|kernels|validation/.test(type));
    expect(said.map(({ type }) => type)).toEqual(['started', 'resumed', 'failed']);
    expect(ofType('failed')[0].failure.message).toBe('a buffer is too small');
  });
});
