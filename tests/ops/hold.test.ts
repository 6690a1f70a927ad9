import { expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { hold, holdNewest } from '../../src/ops/hold.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { gpu } from '../support/gpu.ts';
import { someNumbers } from '../support/some-numbers.ts';

const device = await Gpu.open(await gpu());

it.each([1, 7, 130])('a single token of %i channels is held', async (channels) => {
  const session = new EagerSession(device);
  const x = someNumbers(channels, 1);
  const held = session.constant([1, 1, channels], new Float32Array(channels));
  hold(session.graph, session.constant([1, 1, channels], x), held);
  expect((await session.run({ held })).held).toEqual(x);
});

it.each([
  { tokens: 1, channels: 1, rows: 1, position: 0, stride: 1 },
  { tokens: 11, channels: 5, rows: 4, position: 8, stride: 1 },
  { tokens: 11, channels: 5, rows: 4, position: 8, stride: 4 },
  // Between two tokens the earlier one is the newest.
  { tokens: 11, channels: 33, rows: 3, position: 23, stride: 4 },
  { tokens: 40, channels: 70, rows: 1, position: 39, stride: 1 },
])('the newest tokens are held, each in its row: %o', async ({ tokens, channels, rows, position, stride }) => {
  const session = new EagerSession(device);
  const x = someNumbers(tokens * channels, 1);
  const before = someNumbers(rows * channels, 2);
  const held = session.constant([rows, channels], before);
  const place = { position: session.constant([1], Uint32Array.of(position)), stride };
  holdNewest(session.graph, session.constant([1, tokens, channels], x), held, place);
  const expected = before.slice();
  for (let t = 0; t <= Math.floor(position / stride); t++)
    expected.set(x.subarray(t * channels, (t + 1) * channels), (t % rows) * channels);

  expect((await session.run({ held })).held).toEqual(expected);
});
