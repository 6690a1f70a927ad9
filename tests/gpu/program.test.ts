import { beforeAll, expect, test } from 'vitest';
import type { DeviceBuffer } from '../../src/gpu/buffer.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { kernel } from '../../src/gpu/kernel.ts';
import { Program, type DispatchCall } from '../../src/gpu/program.ts';
import { nullGpu } from '../support/null-gpu.ts';

const fill = kernel(
  'fill',
  `struct Params { count: u32, first: i32, value: f32 }
@group(0) @binding(0) var<storage, read_write> out: array<f32>;
@group(0) @binding(1) var<uniform> params: Params;
@compute @workgroup_size(1)
fn fill(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < params.count) { out[id.x] = params.value + f32(params.first); }
}`,
  'fill',
);

let device: Gpu;
let out: DeviceBuffer;
beforeAll(async () => {
  device = await Gpu.open(nullGpu);
  out = device.createStorage('out', 16);
});

const allowed = { count: 4, first: -1, value: 0.5 };

function create(call: Partial<DispatchCall>): Promise<Program> {
  const bindings = { out: { buffer: out, offset: 0, bytes: 16 } };
  const usual = { kernel: fill, bindings, params: allowed, workgroups: [4, 1, 1] } as const;
  return Program.create(device, 'filling', [{ ...usual, ...call }]);
}

test('the numbers of a call may be all that their types hold', async () => {
  const program = await create({ params: { count: 2 ** 32 - 1, first: -(2 ** 31), value: 1e30 } });
  expect(program.dispatchCount).toBe(1);
});

test.each<[what: string, call: Partial<DispatchCall>, why: string]>([
  ['a fraction of an element', { params: { ...allowed, count: 1.5 } }, 'fill/fill: Params.count is 1.5, needs u32'],
  ['less than nothing', { params: { ...allowed, count: -1 } }, 'fill/fill: Params.count is -1, needs u32'],
  ['more than a word', { params: { ...allowed, count: 2 ** 32 } }, 'fill/fill: Params.count is 4294967296, needs u32'],
  ['no number', { params: { ...allowed, first: NaN } }, 'fill/fill: Params.first is NaN, needs i32'],
  ['too many workgroups', { workgroups: [70_000, 1, 1] }, 'fill/fill: 70000 x 1 x 1 workgroups, needs 1 to 65535'],
  ['no memory', { bindings: {} }, 'fill/fill: binding out was not given'],
])('a call of %s is refused by name, and nothing is left of the program', async (_, call, why) => {
  const before = device.counts.buffersAlive;
  await expect(create(call)).rejects.toThrow(why);
  expect(device.counts.buffersAlive).toBe(before);
});
