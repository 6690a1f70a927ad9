import { expect, test } from 'vitest';
import { presetConfig } from '../../src/config/presets.ts';
import { RotaryTables } from '../../src/model/rotary-tables.ts';
import { rotaryTable } from '../../src/ops/rotary-table.ts';
import { Constants } from '../../src/tensor/constants.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { gpu as openGpu } from '../support/gpu.ts';
import { Gpu } from '../../src/gpu/device.ts';

const { model } = presetConfig('quick');
const [fine, coarse] = model.hierarchies;

/** Rows that a hierarchy of the preset has, and whether it sees all of them. */
const ROWS = [
  { rows: model.contextLength / fine.factor, dimHead: fine.dimHead, xpos: false },
  { rows: model.contextLength / coarse.factor, dimHead: coarse.dimHead, xpos: true },
];

function slabOf({ storage }: Tensor) {
  if (storage.kind !== 'slab') throw new Error('needs a constant');
  return storage;
}

test('hierarchies have their rotary factors in one memory, which a shared dispatch binds once', () => {
  const tables = new RotaryTables(new Constants(), model);
  const [first, second] = ROWS.map(({ rows, dimHead, xpos }) => slabOf(tables.of(rows, dimHead, xpos)));

  expect(second.slab).toBe(first.slab);
  expect(second.offset).not.toBe(first.offset);
});

test('a length that no hierarchy has for the whole context gets factors of its own', () => {
  const tables = new RotaryTables(new Constants(), model);
  const whole = slabOf(tables.of(ROWS[0].rows, fine.dimHead, false));
  const shorter = tables.of(ROWS[0].rows - 1, fine.dimHead, false);

  expect(slabOf(shorter).slab).not.toBe(whole.slab);
  expect(tables.of(ROWS[0].rows - 1, fine.dimHead, false)).toBe(shorter);
});

test('each array of one memory is uploaded to its place', async () => {
  const gpu = await Gpu.open(await openGpu());
  const constants = new Constants();
  const tables = new RotaryTables(constants, model);
  constants.upload(gpu);

  for (const { rows, dimHead, xpos } of ROWS) {
    const { slab, offset } = slabOf(tables.of(rows, dimHead, xpos));
    const expected = rotaryTable(rows, dimHead, { xpos });
    const held = await gpu.read(slab.buffer!, offset, expected.byteLength);
    expect(new Float32Array(held)).toEqual(expected);
  }
  constants.release();
  gpu.close();
});
