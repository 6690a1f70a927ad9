import { expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { recentEmbeddings } from '../../src/ops/recent-embeddings.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { gpu } from '../support/gpu.ts';
import { someNumbers } from '../support/some-numbers.ts';

const device = await Gpu.open(await gpu());

it.each([
  { vocabulary: 1, channels: 1, count: 1, position: 0 },
  { vocabulary: 9, channels: 5, count: 1, position: 6 },
  { vocabulary: 9, channels: 5, count: 4, position: 6 },
  { vocabulary: 9, channels: 5, count: 4, position: 3 },
  { vocabulary: 7, channels: 33, count: 8, position: 2 },
])('the newest tokens, oldest first, after zeros: %o', async ({ vocabulary, channels, count, position }) => {
  const weight = someNumbers(vocabulary * channels, 1);
  // The last id is past the end of the table.
  const ids = Uint32Array.from({ length: 8 }, (_, i) => (i === 6 ? vocabulary + 3 : (i * 5 + 1) % vocabulary));
  const session = new EagerSession(device);
  const y = recentEmbeddings({
    weight: session.constant([vocabulary, channels], weight),
    ids: session.constant([1, 8], ids),
    position: session.constant([1], Uint32Array.of(position)),
    count,
  });
  const expected = Array.from({ length: count }, (_, k) => {
    const t = position - (count - 1) + k;
    const id = Math.min(ids[t] ?? 0, vocabulary - 1);
    return Array.from({ length: channels }, (__, e) => (t < 0 ? 0 : weight[id * channels + e]));
  });

  expect(y.shape).toEqual([1, 1, count * channels]);
  expect([...(await session.run({ y })).y]).toEqual(expected.flat());
});
