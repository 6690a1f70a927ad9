import { expect, it } from 'vitest';
import { RunsOnDevice } from '../../support/runs-on-device.ts';
import { tinyRun } from '../../support/tiny-model.ts';

const runs = new RunsOnDevice();

it('a watched passage is remembered with what coarse tokens keep of it, which training makes more', async () => {
  const config = tinyRun({ model: { reconWeight: 1 }, training: { steps: 100, learningRate: 1e-2 } });
  const trainer = await runs.create({ config });
  trainer.watch(runs.corpus.bytes.slice(0, 16));
  await trainer.resume();
  await trainer.stop();
  const captures = runs.ofType('inspection');
  const kept = captures.map(({ inspection: { text, reconstructions } }) => {
    const { bytes } = reconstructions[1]!;
    return bytes.filter((byte, at) => byte === text[at]).length;
  });

  expect(captures.map(({ step }) => step)).toEqual([0, 1, 2, 5, 10, 20, 50, 100]);
  expect(kept[0]).toBeLessThan(3);
  // Of 16 bytes, a third of which are `e` or a space.
  expect(kept.at(-1)).toBeGreaterThan(6);
});
