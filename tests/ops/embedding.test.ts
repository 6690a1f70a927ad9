import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { embedding } from '../../src/ops/embedding.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { referenceEmbedding, referenceEmbeddingGradient, type EmbeddingCase } from '../support/reference/embedding.ts';
import { relativeError } from '../support/relative-error.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { REDUCTION_TUNINGS } from '../support/tunings.ts';

const device = await Gpu.open(await gpu());

async function run(of: EmbeddingCase, ids: Uint32Array<ArrayBuffer>, dy: Float32Array<ArrayBuffer>, tuning?: Tuning) {
  const session = new EagerSession(device, { training: true, tuning });
  const table = someNumbers(of.vocabulary * of.channels, 1);
  const weight = session.variable([of.vocabulary, of.channels], table);
  const y = embedding({ weight, ids: session.constant([of.batch, of.pitch], ids), length: of.length });
  session.graph.seedGradient(y, session.constant(y.shape, dy));
  session.graph.backward();
  return { table, ...(await session.run({ y, dweight: weight.gradient! })) };
}

/** Ids below `vocabulary`, a few of them very often. */
function someIds(count: number, vocabulary: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(someNumbers(count, 7), (v) => Math.floor(v ** 4 * vocabulary));
}

describe('embedding', () => {
  test.each([
    [1, 1, 1, 1, 1],
    [2, 6, 5, 3, 7],
    [3, 9, 9, 11, 33],
    [1, 300, 257, 256, 64],
    [3, 7001, 7000, 20, 40],
  ])('%i sequences of %i ids, %i looked up among %i rows of %i', async (...sizes) => {
    const [batch, pitch, length, vocabulary, channels] = sizes;
    const of = { batch, pitch, length, vocabulary, channels };
    const ids = someIds(batch * pitch, vocabulary);
    const dy = someNumbers(batch * length * channels, 2);
    for (const [, tuning] of REDUCTION_TUNINGS) {
      const result = await run(of, ids, dy, tuning);
      expect(relativeError(result.y, referenceEmbedding(of, result.table, ids))).toBe(0);
      expect(relativeError(result.dweight, referenceEmbeddingGradient(of, ids, dy))).toBeLessThan(3e-6);
    }
  });

  test('ids past the end of the table count as its last row', async () => {
    const of = { batch: 1, pitch: 4, length: 4, vocabulary: 3, channels: 2 };
    const ids = Uint32Array.from([3, 0, 4_294_967_295, 2]);
    const result = await run(of, ids, someNumbers(8, 2));
    const last = Array.from(result.table.subarray(4));
    expect(Array.from(result.y)).toEqual([...last, ...result.table.subarray(0, 2), ...last, ...last]);
    expect(relativeError(result.dweight, referenceEmbeddingGradient(of, ids, someNumbers(8, 2)))).toBeLessThan(1e-6);
  });

  test('takes more rows than a dispatch has workgroups in one dimension', async () => {
    const of = { batch: 1, pitch: 3, length: 3, vocabulary: 70_001, channels: 1 };
    const ids = Uint32Array.from([70_000, 65_535, 65_536]);
    const dy = someNumbers(3, 2);
    const result = await run(of, ids, dy, TUNINGS.software);
    expect(relativeError(result.dweight, referenceEmbeddingGradient(of, ids, dy))).toBe(0);
  });

  test('gives the same bits every time', async () => {
    const of = { batch: 2, pitch: 5000, length: 4999, vocabulary: 5, channels: 33 };
    const [ids, dy] = [someIds(10_000, 5), someNumbers(2 * 4999 * 33, 3)];
    const first = await run(of, ids, dy, TUNINGS.gpu);
    expect((await run(of, ids, dy, TUNINGS.gpu)).dweight).toEqual(first.dweight);
  });

  test('names ids of another kind', () => {
    const session = new EagerSession(device);
    const weight = session.constant([2, 2], [1, 2, 3, 4]);
    const ids = session.constant([1, 2], [0, 1]);
    expect(() => embedding({ weight, ids, length: 2 })).toThrow(
      'embedding: given ids f32 [1, 2], needs u32 [B, pitch]',
    );
  });
});
