import { beforeAll, describe, expect, it, test } from 'vitest';
import { modelConfigFrom } from '../../../src/cli/parity/golden-config.ts';
import type { GoldenModel } from '../../../src/cli/parity/golden-model.ts';
import type { HierarchyConfig, ModelConfig } from '../../../src/config/types.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { tilingOf } from '../../../src/model/reconstructions.ts';
import type { Inspection } from '../../../src/protocol/inspection.ts';
import { uploadState } from '../../../src/tensor/parameter-transfer.ts';
import { Inspector } from '../../../src/train/inspection/inspector.ts';
import { reconstructionOf } from '../../../src/train/inspection/reconstruction.ts';
import { TrainingSession } from '../../../src/train/passes/training-session.ts';
import { readGolden, type Golden } from '../../support/golden.ts';
import { gpu } from '../../support/gpu.ts';
import { relativeError } from '../../support/relative-error.ts';
import { tinyHierarchy, tinyModel } from '../../support/tiny-model.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

const TEXT = new TextEncoder().encode('the white whale');

/** What a fresh model's inspector says of a text, and the losses of a step over it; `change` comes before both. */
async function inspect(model: ModelConfig, text: Uint8Array, change: (session: TrainingSession) => void = () => {}) {
  const records: Float32Array[] = [];
  const session = await TrainingSession.create(device, {
    model,
    batchSize: 1,
    accumulation: 1,
    seed: 2,
    onRecord: (record) => records.push(record.slice()),
  });
  change(session);
  const inspector = new Inspector(device, session.model, () => 0);
  try {
    const { inspection } = await inspector.inspect(text, true);
    const still = { learningRate: 0, clip: 1, weightDecay: 0, ceWeight: 1, reconWeight: 1, arWeight: 1 };
    session.replay.submit(
      1,
      (ids) => ids.set(text),
      () => still,
    );
    await session.replay.ring.atMost(0);
    return { inspection, losses: session.layout.recon.map((at) => (at === null ? null : records[0][at])) };
  } finally {
    await inspector.destroy();
    session.destroy();
  }
}

const known = (values: Float32Array): number[] => [...values].filter((value) => !Number.isNaN(value));

/** Logits that are 0 but for one row each: slot `slot` of tile `tile` says `byte` with a weight of its own. */
function logitsSaying(said: [tile: number, slot: number, byte: number][], factor: number, tiles: number): Float32Array {
  const logits = new Float32Array(tiles * factor * 256);
  said.forEach(([tile, slot, byte], at) => (logits[(tile * factor + slot) * 256 + byte] = 5 + at));
  return logits;
}

describe('a reconstruction', () => {
  it('reads slot k of token j as byte stride j - factor + 1 + k, at stride 1 from token factor - 1 on', () => {
    const said: [number, number, number][] = [
      [0, 0, 65],
      [0, 3, 66],
      [1, 0, 67],
      [2, 2, 68],
    ];
    const geometry = { factor: 4, stride: 1, tokens: 15 };
    const { firstToken, bytes, likeliest, actual } = reconstructionOf(logitsSaying(said, 4, 3), 256, geometry, TEXT);
    expect(firstToken).toBe(3);
    const places = [65, 66, 67, 68].map((byte) => bytes.indexOf(byte));
    expect(places).toEqual([0, 3, 4, 10]);
    expect(likeliest[10]).toBeCloseTo(Math.exp(8) / (Math.exp(8) + 255), 6);
    expect(actual[10]).toBeCloseTo(1 / (Math.exp(8) + 255), 6);
    // The last three bytes are not all of a token's.
    expect(known(likeliest)).toHaveLength(12);
    expect([...likeliest.subarray(12)]).toEqual([NaN, NaN, NaN]);
  });

  it.each([
    { stride: 2, tokens: 8, first: 1, from: -1 },
    { stride: 4, tokens: 4, first: 0, from: -3 },
  ])('at stride $stride begins in the padding, at byte $from', ({ stride, tokens, first, from }) => {
    const tiles = Math.floor((tokens - first - 1) / (4 / stride)) + 1;
    const said: [number, number, number][] = [
      [0, 3, 65],
      [1, 1, 66],
    ];
    const read = reconstructionOf(logitsSaying(said, 4, tiles), 256, { factor: 4, stride, tokens }, TEXT);
    expect(read.firstToken).toBe(first);
    expect([65, 66].map((byte) => read.bytes.indexOf(byte))).toEqual([from + 3, from + 5]);
    expect(known(read.actual)).toHaveLength(from + 4 * tiles);
  });

  it('says nothing of a 0, which no head learns', () => {
    const text = Uint8Array.of(97, 0, 98, 99);
    const { bytes, likeliest } = reconstructionOf(
      new Float32Array(4 * 256),
      256,
      { factor: 2, stride: 1, tokens: 4 },
      text,
    );
    expect(Array.from(likeliest, Number.isNaN)).toEqual([false, true, false, false]);
    expect(bytes[1]).toBe(0);
  });
});

test.each([
  [1, 1],
  [2, 1],
  [4, 1],
  [4, 2],
  [4, 4],
  [16, 8],
])('tokens of factor %i and stride %i that tile a text stand for each of its bytes once', (factor, stride) => {
  const { first, every } = tilingOf({ factor, stride });
  const covered: number[] = [];
  for (let token = first; token * stride < 64; token += every) {
    for (let byte = token * stride - factor + 1; byte <= token * stride; byte++) if (byte >= 0) covered.push(byte);
  }
  expect(covered).toEqual(Array.from({ length: covered.length }, (_, at) => at));
  expect(covered.length).toBeGreaterThan(64 - factor);
});

describe('a reconstruction on the adapter', () => {
  // From the reference's own embeddings and weights, by the formula of its loss: the head's rows are slot-major, and slot k of
  // token j has byte j s + k - (c - 1) as its target.
  function expected(golden: Golden<GoldenModel>, { factor, stride }: HierarchyConfig, i: number, text: Uint8Array) {
    const [, length, dim] = golden.shape(`out/embeds/${i}`);
    const embeds = golden.floats(`out/embeds/${i}`);
    const weight = golden.floats(`param/compressors.${i}.to_recon.weight`);
    const classes = weight.length / dim / factor;
    const bytes = new Map<number, { byte: number; likeliest: number; actual: number }>();
    for (let j = factor / stride - 1; j < length; j += factor / stride) {
      for (let k = 0; k < factor; k++) {
        const position = j * stride + k - (factor - 1);
        if (position < 0 || text[position] === 0) continue;
        const logits = Array.from({ length: classes }, (_, v) => {
          let sum = 0;
          for (let d = 0; d < dim; d++) sum += embeds[j * dim + d] * weight[(k * classes + v) * dim + d];
          return sum;
        });
        const total = logits.reduce((sum, value) => sum + Math.exp(value), 0);
        const byte = logits.indexOf(Math.max(...logits));
        bytes.set(position, {
          byte,
          likeliest: Math.exp(logits[byte]) / total,
          actual: Math.exp(logits[text[position]]) / total,
        });
      }
    }
    return bytes;
  }

  it.each(['h12', 'h4_strided', 'merge_all', 'predict_all', 'ragged', 'window0'])(
    'is what float64 makes of the embeddings of the reference: %s',
    async (name) => {
      const golden = await readGolden<GoldenModel>(name);
      const { attributes } = golden;
      const model = modelConfigFrom(attributes.kwargs, attributes.forward_kwargs);
      const [, length] = golden.shape('out/embeds/0');
      const text = Uint8Array.from(golden.ids('in/ids').subarray(0, length));
      const { inspection } = await inspect(model, text, ({ store }) => {
        const parameters = [...golden.tensors].filter(([key]) => key.startsWith('param/'));
        uploadState(
          device,
          store,
          'weights',
          new Map(
            parameters.map(([key, { shape }]) => [key.slice('param/'.length), { shape, data: golden.floats(key) }]),
          ),
        );
      });
      model.hierarchies.forEach((hierarchy, i) => {
        const read = inspection.reconstructions[i];
        if (hierarchy.factor === 1) {
          expect(read).toBeNull();
          return;
        }
        const wanted = expected(golden, hierarchy, i, text);
        const positions = [...text.keys()].filter((at) => !Number.isNaN(read!.actual[at]));
        expect(positions).toEqual([...wanted.keys()].toSorted((a, b) => a - b));
        expect(positions.length).toBeGreaterThan(text.length - 2 * hierarchy.factor);
        const rows = positions.map((at) => wanted.get(at)!);
        expect(positions.map((at) => read!.bytes[at])).toEqual(rows.map(({ byte }) => byte));
        for (const column of ['likeliest', 'actual'] as const) {
          const values = positions.map((at) => read![column][at]);
          expect(
            relativeError(
              values,
              rows.map((row) => row[column]),
            ),
            `${i} ${column}`,
          ).toBeLessThan(2e-6);
        }
      });
    },
  );

  it('agrees with the loss where all tokens tile the text, however streams are merged', async () => {
    const hierarchies = [
      tinyHierarchy(1, { window: 3 }),
      tinyHierarchy(2, { stride: 2, dim: 6 }),
      tinyHierarchy(4, { stride: 4 }),
    ];
    const whole = Uint8Array.from({ length: 16 }, (_, at) => 97 + ((at * 7) % 26));
    for (const changes of [{}, { mergeAll: true }, { predictAll: true }, { ablateMerge: true }]) {
      const { inspection, losses } = await inspect(tinyModel({ depth: 2, hierarchies, ...changes }), whole);
      for (const i of [1, 2]) {
        const actual = known(inspection.reconstructions[i]!.actual);
        expect(actual).toHaveLength(16 - (hierarchies[i].factor - 1));
        const mean = -actual.reduce((sum, p) => sum + Math.log(p), 0) / actual.length;
        expect(mean).toBeCloseTo(losses[i]!, 5);
      }
    }
  });

  it('is of the tokens of the passage, not of what lies behind it in the context', async () => {
    const { inspection } = await inspect(tinyModel(), TEXT.subarray(0, 9));
    expect(known(inspection.reconstructions[1]!.likeliest)).toHaveLength(8);
    const short = await inspect(tinyModel(), TEXT.subarray(0, 3));
    expect(known(short.inspection.reconstructions[1]!.likeliest)).toEqual([]);
  });

  it('is none at 1x, without a reconstruction loss, and of tokens wider than the context', async () => {
    const read = async (model: ModelConfig): Promise<Inspection['reconstructions']> =>
      (await inspect(model, TEXT)).inspection.reconstructions;
    const [flat, coarse] = await read(tinyModel());
    expect(flat).toBeNull();
    expect(coarse?.firstToken).toBe(3);
    expect(await read(tinyModel({ reconWeight: 0 }))).toEqual([null, null]);
    expect(await read(tinyModel({ hierarchies: [tinyHierarchy(1)] }))).toEqual([null]);
    expect(await read(tinyModel({ hierarchies: [tinyHierarchy(1), tinyHierarchy(32)] }))).toEqual([null, null]);
  });
});
