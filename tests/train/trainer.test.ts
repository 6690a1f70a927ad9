import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { HotSettings, RunConfig } from '../../src/config/types.ts';
import { makeCorpus } from '../../src/data/corpus.ts';
import type { WorkerEvent } from '../../src/protocol/events.ts';
import { MAX_STEPS_PER_SUBMIT } from '../../src/train/passes/pace.ts';
import { StepReplay } from '../../src/train/passes/step-replay.ts';
import { relativeError } from '../support/relative-error.ts';
import { RunsOnDevice } from '../support/runs-on-device.ts';
import { tinyRun } from '../support/tiny-model.ts';

const runs = new RunsOnDevice();
const { create, ofType, rows } = runs;

function gradientNorms(): number[] {
  return ofType('metrics').flatMap(({ batch }) => Array.from(batch.gradNorm));
}

/** Until the test ends figures of steps come after so many seconds each time, and nothing else takes any. */
function slowFigures(seconds: number): void {
  vi.useFakeTimers({ toFake: ['performance'] });
  const mapped = runs.device.mapped.bind(runs.device);
  const spy = vi.spyOn(runs.device, 'mapped').mockImplementation(async (buffer, bytes) => {
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
    expect(runs.events.at(-1)).toEqual({ type: 'done', runId: 1, step: 30 });
  });

  it('takes a sleep of the computer neither for training nor for a slow GPU', async () => {
    slowFigures(0.1);
    const trainer = await create();
    await trainer.advance(10);
    const before = trainer.bytesPerSecond;
    const going = trainer.advance(2);
    vi.advanceTimersByTime(8 * 3600 * 1000);
    await going;
    await trainer.stop();
    const seconds = ofType('metrics').flatMap(({ batch }) => Array.from(batch.activeSeconds));
    expect(seconds.at(-1)).toBeLessThan(10);
    expect(trainer.bytesPerSecond).toBeGreaterThan(before / 100);
  });

  it('says what it has built before the first step', async () => {
    const trainer = await create();
    const [started] = ofType('started');
    expect(started.parameters).toBe(trainer.parameters);
    expect(started.flopsPerStep).toBeGreaterThan(0);
    expect(ofType('compiling').at(-1)!.done).toBe(ofType('compiling').at(-1)!.total);
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
    // Each to its end: the first ones are short.
    expect(new Set(lengths)).toEqual(new Set([48, 160]));
  });

  it('counts the steps under way as training when it writes or looks inside, so that its time never runs back', async () => {
    slowFigures(0.9);
    const trainer = await create({ autoSample: true });
    trainer.watch(runs.corpus.bytes.slice(0, 16));
    await trainer.resume();
    await trainer.stop();
    const seconds = ofType('metrics').flatMap(({ batch }) => Array.from(batch.activeSeconds));
    expect(ofType('inspection').map(({ step }) => step)).toEqual([0, 1, 2, 5, 10, 20]);
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
  });

  it('spreads a step over several submits as soon as it knows that one takes long', async () => {
    slowFigures(2);
    const spread = vi.spyOn(StepReplay.prototype, 'spread');
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
    let toldBefore: number | null = null;
    const emit = (event: WorkerEvent): void => {
      runs.events.push(event);
      if (event.type !== 'metrics' || toldBefore !== null) return;
      const last = event.batch.step.at(-1)!;
      // At first nothing else is under way: there is no rate yet.
      if (trainer.step === last) return;
      toldBefore = last;
      trainer.adjust(settings);
    };
    const config = tinyRun({ training: { steps: 400, warmupSteps: 0 } });
    const trainer = await create({ config, emit });
    await trainer.resume();
    await trainer.stop();
    const [{ step: lastOfBefore }] = ofType('adjusted');
    const rates = ofType('metrics').flatMap(({ batch }) => Array.from(batch.learningRate));
    expect(lastOfBefore).toBeGreaterThan(toldBefore!);
    expect(rates).toEqual(Array.from({ length: 400 }, (_, i) => (i < lastOfBefore ? 3e-3 : 1e-5)));
  });

  it('repeats a run exactly from its seed, whether paused in between or not', async () => {
    const run = async (seed: number, interrupted: boolean): Promise<number[]> => {
      runs.events = [];
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
      runs.events = [];
      const trainer = await create({ autoSample: true });
      trainer.show(visible);
      await trainer.resume();
      await trainer.stop();
      const whole = ofType('sample').filter(({ done }) => done);
      expect(whole.at(-1)?.step).toBe(visible ? 30 : undefined);
      expect(runs.events.at(-1)!.type).toBe('done');
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
        runs.events = [];
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
      runs.events = [];
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

  it('refuses to save a run that was stopped, whose memory is gone', async () => {
    const trainer = await create();
    await trainer.advance(1);
    await trainer.stop();
    await expect(trainer.save()).rejects.toThrow('save: the run was stopped');
  });

  it('frees everything it held, over and over', async () => {
    const { buffersAlive, bytesAlive } = runs.device.counts;
    for (let i = 0; i < 3; i++) {
      const trainer = await create();
      await trainer.advance(1);
      await trainer.stop();
    }
    expect(runs.device.counts.buffersAlive).toBe(buffersAlive);
    expect(runs.device.counts.bytesAlive).toBe(bytesAlive);
  });

  it('refuses a text that is shorter than the context', async () => {
    const short = makeCorpus('short', new Uint8Array(100).fill(65));
    await expect(create({ corpus: short })).rejects.toThrow('text "short": given 100 bytes, needs at least');
  });
});
