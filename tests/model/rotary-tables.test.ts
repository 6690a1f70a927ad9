import { expect, test } from 'vitest';
import { presetConfig } from '../../src/config/presets.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { RotaryTables } from '../../src/model/rotary-tables.ts';
import { rotaryTable } from '../../src/ops/rotary-table.ts';
import { Constants } from '../../src/tensor/constants.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { gpu as openGpu } from '../support/gpu.ts';

const { model } = presetConfig('quick');
const [fine, coarse] = model.hierarchies;

/** Hierarchies of the preset with their tokens: the first one sees a window of them, the second all. */
const SEQUENCES = [
  { hierarchy: fine, window: fine.window, tokens: model.contextLength / fine.stride },
  { hierarchy: coarse, window: null, tokens: model.contextLength / coarse.stride },
];

function slabOf({ storage }: Tensor) {
  if (storage.kind !== 'slab') throw new Error('needs a constant');
  return storage;
}

test('hierarchies have their rotary factors in one memory, which a shared dispatch binds once', () => {
  const tables = new RotaryTables(new Constants(), model);
  const [first, second] = SEQUENCES.map(({ hierarchy, window, tokens }) =>
    slabOf(tables.of(hierarchy, window, tokens)),
  );

  expect(second.slab).toBe(first.slab);
  expect(second.offset).not.toBe(first.offset);
});

test('a length that no hierarchy has for the whole context gets factors of its own', () => {
  const tables = new RotaryTables(new Constants(), model);
  const [{ hierarchy, window, tokens }] = SEQUENCES;
  const whole = slabOf(tables.of(hierarchy, window, tokens));
  const shorter = tables.of(hierarchy, window, tokens - 1);

  expect(slabOf(shorter).slab).not.toBe(whole.slab);
  expect(tables.of(hierarchy, window, tokens - 1)).toBe(shorter);
});

test('each array of one memory is uploaded to its place', async () => {
  const gpu = await Gpu.open(await openGpu());
  const constants = new Constants();
  const tables = new RotaryTables(constants, model);
  constants.upload(gpu);

  for (const { hierarchy, window, tokens } of SEQUENCES) {
    const { slab, offset } = slabOf(tables.of(hierarchy, window, tokens));
    const rows = model.contextLength / hierarchy.factor;
    const expected = rotaryTable(rows, hierarchy.dimHead, { xpos: window === null });
    const held = await gpu.read(slab.buffer!, offset, expected.byteLength);
    expect(new Float32Array(held)).toEqual(expected);
  }
  constants.release();
  gpu.close();
});
