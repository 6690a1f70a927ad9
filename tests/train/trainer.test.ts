import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { HotSettings, RunConfig } from '../../src/config/types.ts';
import { makeCorpus, type Corpus } from '../../src/data/corpus.ts';
import { Gpu } from '../../src/gpu/device.ts';
import type { WorkerEvent } from '../../src/protocol/events.ts';
import { RestorePoints } from '../../src/train/restore-points.ts';
import { Trainer, type TrainerOptions } from '../../src/train/trainer.ts';
import { MAX_STEPS_PER_SUBMIT, TrainingSession } from '../../src/train/training-session.ts';
import { gpu } from '../support/gpu.ts';
import { relativeError } from '../support/relative-error.ts';
import { tinyRun } from '../support/tiny-model.ts';

let device: Gpu;
let corpus: Corpus;
let events: WorkerEvent[];
beforeAll(async () => {
  device = await Gpu.open(await gpu());
  const words = 'the whale swam under the ship and the ship sailed on ';
  corpus = makeCorpus('words', new TextEncoder().encode(words.repeat(40)));
});
beforeEach(() => {
  events = [];
});

function create(changes: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const emit = (event: WorkerEvent): void => void events.push(event);
  return Trainer.create({ gpu: device, runId: 1, config: tinyRun(), corpus, emit, autoSample: false, ...changes });
}

function ofType<T extends WorkerEvent['type']>(type: T): Extract<WorkerEvent, { type: T }>[] {
  return events.filter((event): event is Extract<WorkerEvent, { type: T }> => event.type === type);
}

function rows(): { step: number; bpb: number }[] {
  return ofType('metrics').flatMap(({ batch }) =>
    Array.from(batch.step, (step, i) => ({ step, bpb: batch.trainBpb[i] })),
  );
}

function gradientNorms(): number[] {
  return ofType('metrics').flatMap(({ batch }) => Array.from(batch.gradNorm));
}

/** Until the test ends figures of steps come after so many seconds each time, and nothing else takes any. */
function slowFigures(seconds: number): void {
  vi.useFakeTimers({ toFake: ['performance'] });
  const mapped = device.mapped.bind(device);
  const spy = vi.spyOn(device, 'mapped').mockImplementation(async (buffer, bytes) => {
    await mapped(buffer, bytes);
    if (buffer.raw.label.startsWith('loss staging')) vi.advanceTimersByTime(1000 * seconds);
    return undefined;
  });
  onTestFinished(() => {
    spy.mockRestore();
    vi.useRealTimers();
  });
}

describe('a trainer', () => {
  it('tells of every step once, in order, and of every hierarchy its own losses', async () => {
    const trainer = await create();
    await trainer.resume();
    await trainer.stop();
    expect(rows().map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(rows()[0].bpb).toBeGreaterThan(7);
    expect(rows().at(-1)!.bpb).toBeLessThan(rows()[0].bpb);
    const { batch } = ofType('metrics')[0];
    expect(batch.recon.map((column) => column?.length ?? null)).toEqual([null, batch.step.length]);
    expect(batch.ar.map((column) => column?.length ?? null)).toEqual([null, batch.step.length]);
    const times = batch.passMilliseconds!;
    for (const column of [times.forward, times.backward, times.update]) {
      expect(column).toHaveLength(batch.step.length);
      expect(column.every((ms) => ms > 0)).toBe(true);
    }
    expect(events.at(-1)).toEqual({ type: 'done', runId: 1, step: 30 });
  });

  it('says what it has built before the first step', async () => {
    const trainer = await create();
    const [started] = ofType('started');
    expect(started.parameters).toBe(trainer.parameters);
    expect(started.flopsPerStep).toBeGreaterThan(0);
    expect(ofType('compiling').at(-1)!.done).toBe(ofType('compiling').at(-1)!.total);
    await trainer.stop();
  });

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

  it('goes on from a single step that is resumed while it is under way', async () => {
    const trainer = await create();
    const step = trainer.advance(1);
    await trainer.resume();
    await step;
    expect(rows().map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(events.map(({ type }) => type).filter((type) => /resumed|paused|done/.test(type))).toEqual([
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
    expect(events.filter(({ type }) => /paused|done/.test(type))).toEqual([{ type: 'done', runId: 1, step: 30 }]);
    await trainer.stop();
  });

  it('writes as long a sample where steps are slow: those under way are waited for before', async () => {
    slowFigures(0.9);
    const trainer = await create({ autoSample: true, validateEvery: 3 });
    await trainer.resume();
    await trainer.stop();
    const lengths = ofType('sample')
      .filter(({ done }) => done)
      .map(({ bytes }) => bytes.length);
    expect(lengths.length).toBeGreaterThan(2);
    expect(new Set(lengths)).toEqual(new Set([160]));
  });

  it('counts the steps under way as training when it writes or looks inside, so that its time never runs back', async () => {
    slowFigures(0.9);
    const trainer = await create({ autoSample: true });
    trainer.watch(corpus.bytes.slice(0, 16));
    await trainer.resume();
    await trainer.stop();
    const seconds = ofType('metrics').flatMap(({ batch }) => Array.from(batch.activeSeconds));
    expect(ofType('inspection').map(({ step }) => step)).toEqual([0, 1, 2, 5, 10, 20]);
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
  });

  it('spreads a step over several submits as soon as it knows that one takes long', async () => {
    slowFigures(2);
    const spread = vi.spyOn(TrainingSession.prototype, 'spread');
    onTestFinished(() => spread.mockRestore());
    const trainer = await create();
    for (let step = 0; step < 3; step++) await trainer.advance(1);
    await trainer.stop();
    expect(spread.mock.calls).toEqual([[1], [8], [8]]);
  });

  it('says from which step on new settings count, and nothing where none is new', async () => {
    const trainer = await create();
    const settings = { learningRate: tinyRun().training.learningRate, reconWeight: 0.1, arWeight: 0.25 };
    await trainer.advance(3);
    trainer.adjust(settings);
    trainer.adjust({ ...settings, learningRate: 1e-5, arWeight: 0.5 });
    await trainer.advance(1);
    await trainer.stop();
    const changed = { learningRate: 1e-5, arWeight: 0.5 };
    expect(ofType('adjusted')).toEqual([{ type: 'adjusted', runId: 1, step: 3, changed }]);
  });

  it('tells the learning rate that a step was made with, although it has changed while the step was under way', async () => {
    const settings = { learningRate: 1e-5, reconWeight: 0.1, arWeight: 0.25 };
    const emit = (event: WorkerEvent): void => {
      if (ofType('metrics').length === 0 && event.type === 'metrics') trainer.adjust(settings);
      events.push(event);
    };
    const config = tinyRun({ training: { steps: 60, warmupSteps: 0 } });
    const trainer = await create({ config, emit });
    await trainer.resume();
    await trainer.stop();
    const [{ step: lastOfBefore }] = ofType('adjusted');
    const rates = ofType('metrics').flatMap(({ batch }) => Array.from(batch.learningRate));
    expect(lastOfBefore).toBeGreaterThan(ofType('metrics')[0].batch.step.at(-1)!);
    expect(rates).toEqual(Array.from({ length: 60 }, (_, i) => (i < lastOfBefore ? 3e-3 : 1e-5)));
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

  it('repeats a run exactly from its seed, whether paused in between or not', async () => {
    const run = async (seed: number, interrupted: boolean): Promise<number[]> => {
      events = [];
      const trainer = await create({ config: tinyRun({ training: { seed, steps: 12 } }) });
      if (interrupted) for (let i = 0; i < 3; i++) await trainer.advance(1);
      await trainer.resume();
      await trainer.stop();
      return rows().map(({ bpb }) => bpb);
    };
    const first = await run(5, false);
    expect(await run(5, true)).toEqual(first);
    expect(await run(6, false)).not.toEqual(first);
  });

  it('goes back after it has diverged, and from there on is the run that never went wrong', async () => {
    const { learningRate } = tinyRun().training;
    const settings = { learningRate, reconWeight: 0.1, arWeight: 0.25 };
    const config = tinyRun({ training: { steps: 60 } });
    const undisturbed = await create({ config });
    await undisturbed.resume();
    await undisturbed.stop();
    const expected = rows();

    events = [];
    const trainer = await create({ config });
    await trainer.rewind();
    expect(events.filter(({ type }) => type === 'rewound')).toEqual([]);
    await trainer.advance(40);
    trainer.adjust({ ...settings, learningRate: 1e30 });
    await trainer.resume();
    const [{ step, rewindStep }] = ofType('diverged');
    expect(rewindStep).not.toBeNull();
    expect(step - rewindStep!).toBeGreaterThanOrEqual(10);
    trainer.adjust(settings);
    events = [];
    await trainer.rewind();
    await trainer.stop();

    expect(ofType('rewound').map((event) => event.step)).toEqual([rewindStep]);
    expect(rows()).toEqual(expected.filter((row) => row.step > rewindStep!));
    expect(events.at(-1)).toEqual({ type: 'done', runId: 1, step: 60 });
  });

  it('tells less often of what nobody sees, and everything as soon as somebody does', async () => {
    const trainer = await create({ config: tinyRun({ training: { steps: 100_000 } }), autoSample: true });
    trainer.show(false);
    const running = trainer.resume();
    while (ofType('metrics').length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    const unseen = ofType('metrics').map(({ batch }) => batch.activeSeconds.at(-1)!);
    const last = rows().at(-1)!.step;
    // So many steps on, figures of some must have arrived, told or not.
    while (trainer.step < last + 4 * MAX_STEPS_PER_SUBMIT) await new Promise((resolve) => setTimeout(resolve, 10));
    trainer.show(true);
    const shown = rows().at(-1)!.step;
    await trainer.pause();
    await running;
    await trainer.stop();

    for (const [index, seconds] of unseen.entries()) {
      if (index > 0) expect(seconds - unseen[index - 1]).toBeGreaterThanOrEqual(1);
    }
    expect(shown).toBeGreaterThan(last);
    expect(ofType('sample')).toEqual([]);
    expect(rows().map(({ step }) => step)).toEqual(rows().map((_, index) => index + 1));
  });

  it('shows at the end what the finished model writes, to whoever sees the page', async () => {
    for (const visible of [true, false]) {
      events = [];
      const trainer = await create({ autoSample: true });
      trainer.show(visible);
      await trainer.resume();
      await trainer.stop();
      const whole = ofType('sample').filter(({ done }) => done);
      expect(whole.at(-1)?.step).toBe(visible ? 30 : undefined);
      expect(events.at(-1)!.type).toBe('done');
    }
  });

  it('validates at regular steps on bytes that it does not train on', async () => {
    const trainer = await create({ validateEvery: 10 });
    await trainer.resume();
    expect(ofType('validation').map(({ step }) => step)).toEqual([10, 20, 30]);
    for (const { bpb } of ofType('validation')) expect(bpb).toBeGreaterThan(0);
    expect(ofType('validation')[2].bpb).toBeLessThan(ofType('validation')[0].bpb);
    await trainer.stop();
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

  it('takes up a new learning rate and new loss weights at once', async () => {
    const trainer = await create();
    await trainer.advance(1);
    trainer.adjust({ learningRate: 0, reconWeight: 0.1, arWeight: 0.25 });
    for (let i = 0; i < 3; i++) await trainer.advance(1);
    const rates = ofType('metrics').flatMap(({ batch }) => Array.from(batch.learningRate));
    expect(rates).toEqual([3e-3 / 5, 0, 0, 0]);
    await trainer.stop();
  });

  it.each([{ reconWeight: 1 }, { arWeight: 1 }])(
    'trains by new loss weights from the next step on: %o',
    async (changed) => {
      const { learningRate } = tinyRun().training;
      const norms = async (changes: Partial<HotSettings>): Promise<number[]> => {
        events = [];
        const trainer = await create();
        await trainer.advance(1);
        trainer.adjust({ learningRate, reconWeight: 0.1, arWeight: 0.25, ...changes });
        await trainer.advance(1);
        await trainer.stop();
        return gradientNorms();
      };
      const [first, second] = await norms({});
      const [same, other] = await norms(changed);
      expect(same).toBe(first);
      expect(other).toBeGreaterThan(1.01 * second);
    },
  );

  it('trains on two micro-batches as on one batch of both, by new loss weights too', async () => {
    const run = async (training: Partial<RunConfig['training']>) => {
      events = [];
      const trainer = await create({ config: tinyRun({ training: { steps: 6, clip: 0, ...training } }) });
      await trainer.advance(3);
      trainer.adjust({ learningRate: 1e-3, reconWeight: 0.7, arWeight: 0.9 });
      await trainer.resume();
      await trainer.stop();
      return { losses: rows().map(({ bpb }) => bpb), norms: gradientNorms() };
    };
    const one = await run({ batchSize: 2 });
    const two = await run({ batchSize: 1, accumulation: 2 });
    expect(relativeError(two.losses, one.losses)).toBeLessThan(1e-4);
    expect(relativeError(two.norms, one.norms)).toBeLessThan(1e-3);
  });

  it('writes texts: the same request twice gives the same bytes, greedily or not', async () => {
    const trainer = await create();
    const ask = async (requestId: number, temperature: number, seed: number): Promise<Uint8Array> => {
      await trainer.sample(requestId, { prompt: Uint8Array.from([116, 104]), length: 20, temperature, topK: 25, seed });
      return ofType('sample').findLast((event) => event.requestId === requestId && event.done)!.bytes;
    };
    const greedy = await ask(1, 0, 1);
    expect(greedy).toHaveLength(20);
    expect(await ask(2, 0, 2)).toEqual(greedy);
    const drawn = await ask(3, 1, 7);
    expect(await ask(4, 1, 7)).toEqual(drawn);
    expect(await ask(5, 1, 8)).not.toEqual(drawn);
    await trainer.stop();
  });

  it('stops a text within a byte, and trains on afterwards', async () => {
    const trainer = await create({ config: tinyRun({ model: { contextLength: 64 } }) });
    const request = { prompt: Uint8Array.from([116, 104]), temperature: 1, topK: 25, seed: 1 };
    const writing = trainer.sample(1, { ...request, length: 60 });
    while (ofType('sample').length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const { bytes } = ofType('sample')[0];
    trainer.stopSample(1);
    await writing;
    const last = ofType('sample').at(-1)!;
    expect(last.done).toBe(true);
    expect(last.bytes.length).toBeLessThan(60);
    expect(last.bytes.subarray(0, bytes.length)).toEqual(bytes);
    await trainer.sample(2, { ...request, length: 60 });
    expect(ofType('sample').at(-1)!.bytes).toHaveLength(60);
    await trainer.advance(3);
    expect(rows().map(({ step }) => step)).toEqual([1, 2, 3]);
    await trainer.stop();
  });

  it('has told the figures of all steps that a copy holds, when there is the copy', async () => {
    const trainer = await create({ config: tinyRun({ training: { steps: 100_000 } }) });
    trainer.show(false);
    const running = trainer.resume();
    while (rows().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const { step } = await trainer.save();
    expect(rows().at(-1)!.step).toBeGreaterThanOrEqual(step);
    await trainer.pause();
    await running;
    await trainer.stop();
  });

  it('makes no more steps once it is broken off, and says why as its last word', async () => {
    const emit = (event: WorkerEvent): void => {
      if (event.type === 'metrics') trainer.breakOff('a buffer is too small');
      events.push(event);
    };
    const trainer = await create({ config: tinyRun({ training: { steps: 100_000 } }), emit });
    await trainer.resume();
    trainer.breakOff('and another thing');
    const { step } = trainer;
    await trainer.resume();
    expect(trainer.step).toBe(step);
    await expect(trainer.save()).rejects.toThrow('save: the run has failed');
    await trainer.stop();
    const said = events.filter(({ type }) => !/metrics|compiling|kernels|validation/.test(type));
    expect(said.map(({ type }) => type)).toEqual(['started', 'resumed', 'failed']);
    expect(ofType('failed')[0].failure.message).toBe('a buffer is too small');
  });

  it('refuses to save a run that was stopped, whose memory is gone', async () => {
    const trainer = await create();
    await trainer.advance(1);
    await trainer.stop();
    await expect(trainer.save()).rejects.toThrow('save: the run was stopped');
  });

  it('frees everything it held, over and over', async () => {
    const { buffersAlive, bytesAlive } = device.counts;
    for (let i = 0; i < 3; i++) {
      const trainer = await create();
      await trainer.advance(1);
      await trainer.stop();
    }
    expect(device.counts.buffersAlive).toBe(buffersAlive);
    expect(device.counts.bytesAlive).toBe(bytesAlive);
  });

  it('refuses a text that is shorter than the context', async () => {
    const short = makeCorpus('short', new Uint8Array(100).fill(65));
    await expect(create({ corpus: short })).rejects.toThrow('text "short": given 100 bytes, needs at least');
  });
});
