import { describe, expect, it, onTestFinished, test, vi } from 'vitest';
import { modelConfigFrom } from '../../../src/cli/parity/golden-config.ts';
import type { GoldenModel } from '../../../src/cli/parity/golden-model.ts';
import { bitsPerByte } from '../../../src/protocol/test-score.ts';
import { InferenceProgram } from '../../../src/train/passes/inference.ts';
import { Validator } from '../../../src/train/passes/validator.ts';
import { readGolden } from '../../support/golden.ts';
import { ModelOnDevice } from '../../support/model-on-device.ts';
import { crossEntropyReference } from '../../support/reference/cross-entropy.ts';
import { RunsOnDevice } from '../../support/runs-on-device.ts';
import { tinyRun } from '../../support/tiny-model.ts';

const runs = new RunsOnDevice();
const { create, ofType } = runs;

/** Each target's loss in float64, of logits [B, n, classes] and ids [B, n + 1]. */
function lossesOf(logits: ArrayLike<number>, ids: Uint32Array, batch: number, length: number, classes: number) {
  const shape = { batch, length, slots: 1, classes, stride: 1, offset: 1, pitch: length + 1, inputLength: length + 1 };
  return crossEntropyReference({ ...shape, ignoreIndex: 0 }, logits, ids);
}

test.each(['h12', 'predict_all'])('the validation reads of %s what the reference says of each byte', async (name) => {
  const golden = await readGolden<GoldenModel>(name);
  const config = modelConfigFrom(golden.attributes.kwargs, golden.attributes.forward_kwargs);
  const on = new ModelOnDevice(runs.device, config);
  on.upload(golden);
  const [batch, n, classes] = golden.shape('out/logits');
  const ids = golden.ids('in/ids');
  // A validation takes for granted that the tables of its model are on the device.
  (await InferenceProgram.create(runs.device, on.model, batch, n)).destroy();
  const validator = await Validator.create(runs.device, on.model, batch, () => {});
  expect(validator.batchSize).toBe(batch);
  const { rowLosses } = lossesOf(golden.floats('out/logits'), ids, batch, n, classes);
  for (const submits of [1, 3]) {
    const losses = await validator.losses(ids, submits);
    expect(losses).toHaveLength(batch * n);
    losses.forEach((loss, at) => expect(loss).toBeCloseTo(rowLosses[at], 5));
  }
  validator.destroy();
  on.destroy();
});

describe('a run', () => {
  it('is measured on every sequence of the test part, as a float64 reference says', async () => {
    const trainer = await create({ config: tinyRun({ training: { batchSize: 4 } }) });
    await trainer.advance(3);
    await trainer.score();
    const { score } = ofType('scored')[0];
    const { corpus, device } = runs;
    const n = 16;
    const starts: number[] = [];
    for (let at = corpus.test.start; at + n < corpus.test.end; at += n) starts.push(at);
    expect(starts.length).toBeGreaterThan(4);
    expect(starts.length % 4).toBeGreaterThan(0);
    const { model } = (trainer as unknown as { session: { model: ModelOnDevice['model'] } }).session;
    const forward = await InferenceProgram.create(device, model, 1, n);
    const sums: number[] = [];
    for (const start of starts) {
      const ids = Uint32Array.from(corpus.bytes.subarray(start, start + n + 1));
      forward.run(ids.slice(0, n));
      const { rowLosses } = lossesOf(await forward.read(forward.activations.logits), ids, 1, n, 256);
      sums.push(rowLosses.reduce((sum, loss) => sum + loss / Math.LN2, 0));
    }
    forward.destroy();
    expect(score!.step).toBe(3);
    expect([...score!.bytes]).toEqual(starts.map(() => n));
    score!.bits.forEach((bits, at) => expect(bits).toBeCloseTo(sums[at], 3));
    const { mean } = bitsPerByte(score!);
    expect(mean).toBeCloseTo(sums.reduce((sum, each) => sum + each, 0) / (n * starts.length), 4);
    await trainer.stop();
  });

  it('waits with its next step until it has been measured, and then goes on as if nothing had been', async () => {
    const undisturbed = await create();
    await undisturbed.resume();
    await undisturbed.stop();
    const expected = runs.rows();
    runs.events = [];
    const trainer = await create();
    const running = trainer.resume();
    while (trainer.step === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const { step } = trainer;
    await trainer.score();
    expect(ofType('scored')[0].score!.step).toBe(step);
    await running;
    await trainer.stop();
    expect(runs.rows()).toEqual(expected);
  });

  it('stands still when paused while it is measured, and is measured all the same', async () => {
    const trainer = await create({ config: tinyRun({ training: { steps: 100_000 } }) });
    const running = trainer.resume();
    while (trainer.step === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const measured = trainer.score();
    await trainer.pause();
    await running;
    expect(ofType('scored')).toEqual([]);
    await measured;
    expect(ofType('scored')[0].score!.step).toBe(ofType('paused')[0].step);
    await trainer.stop();
  });

  it('ends a measurement when it is stopped', async () => {
    const trainer = await create();
    const measured = trainer.score();
    await trainer.stop();
    await measured;
    expect(ofType('scored')).toEqual([]);
  });

  it('gives nothing back to the device while a batch of a measurement is under way', async () => {
    const trainer = await create();
    let end = (): void => {};
    const batch = new Promise<Float32Array>((resolve) => (end = () => resolve(new Float32Array(2 * 16))));
    const mocks = [
      vi.spyOn(Validator.prototype, 'losses').mockReturnValue(batch),
      vi.spyOn(runs.device, 'settled').mockResolvedValue(undefined),
    ];
    onTestFinished(() => mocks.forEach((mock) => mock.mockRestore()));
    const destroy = vi.spyOn(Validator.prototype, 'destroy');
    onTestFinished(() => destroy.mockRestore());
    void trainer.score();
    const stopped = trainer.stop();
    // By then all has happened that waits for nothing but promises.
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(destroy).not.toHaveBeenCalled();
    end();
    await stopped;
    expect(destroy).toHaveBeenCalledOnce();
  });

  it('is not measured once it is broken off', async () => {
    const trainer = await create();
    await trainer.advance(1);
    trainer.breakOff('a buffer is too small');
    await trainer.score();
    expect(runs.events.slice(-2)).toMatchObject([{ type: 'failed' }, { type: 'scored', score: null }]);
    await trainer.stop();
  });
});
