import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parameterCount } from '../../src/config/costs.ts';
import { presetConfig, presets } from '../../src/config/presets.ts';
import type { ModelConfig } from '../../src/config/types.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { HierarchicalTransformer } from '../../src/model/hierarchical-transformer.ts';
import { ParameterStore } from '../../src/tensor/parameter-store.ts';
import { InferenceProgram } from '../../src/train/passes/inference.ts';
import { TrainingSession } from '../../src/train/passes/training-session.ts';
import { relativeError } from '../support/relative-error.ts';
import { gpu } from '../support/gpu.ts';
import { tinyHierarchy, tinyModel } from '../support/tiny-model.ts';

/** Enough for the largest parameter of any preset. */
const ROOMY = 2 ** 30;

interface InitSpec {
  kwargs: {
    num_tokens: number;
    depth: number;
    seq_len: number;
    dim: number[];
    dim_head: number[];
    heads: number[];
    hierarchies: number[];
    hierarchical_stride: number[];
    window_sizes: (number | null)[];
  };
  parameters: Record<
    string,
    { kind: string; low?: number; high?: number; std?: number; value?: number; shape: number[] }
  >;
  parameter_order: string[];
}

describe('parameters', () => {
  it.each([
    ['quick', 611_968],
    ['two', 1_348_320],
    ['flat', 381_888],
    ['micro', 35_968],
    ['readme4', 223_393_792],
  ] as const)('%s has %i of them', (id, expected) => {
    const store = new ParameterStore(ROOMY);
    const model = new HierarchicalTransformer(presetConfig(id).model, store);
    expect([model.predicting, store.count]).toEqual([0, expected]);
  });

  it.each([
    ...presets.map(({ id }): [string, ModelConfig] => [id, presetConfig(id).model]),
    [
      'merge-all, strided',
      tinyModel({ mergeAll: true, hierarchies: [tinyHierarchy(1), tinyHierarchy(4, { stride: 2, dim: 12 })] }),
    ],
    [
      'predict-all, no attention',
      tinyModel({ predictAll: true, hierarchies: [tinyHierarchy(2), tinyHierarchy(8, { window: 0, dim: 10 })] }),
    ],
    ['without reconstruction', tinyModel({ reconWeight: 0, numTokens: 30 })],
  ])('number as many as the geometry says: %s', (_name, model) => {
    const store = new ParameterStore(ROOMY);
    const { config } = new HierarchicalTransformer(model, store);
    expect(store.count).toBe(parameterCount(config).total);
  });

  it("carry the reference's names, shapes and distributions", () => {
    const spec = JSON.parse(readFileSync('tests/golden/init_spec.json', 'utf8')) as InitSpec;
    const { kwargs } = spec;
    const hierarchies = kwargs.hierarchies.map((factor, i) =>
      tinyHierarchy(factor, {
        stride: kwargs.hierarchical_stride[i],
        dim: kwargs.dim[i],
        dimHead: kwargs.dim_head[i],
        heads: kwargs.heads[i],
        ffMult: 4,
        window: kwargs.window_sizes[i],
      }),
    );
    const store = new ParameterStore();
    const config = tinyModel({
      numTokens: kwargs.num_tokens,
      depth: kwargs.depth,
      contextLength: kwargs.seq_len,
      hierarchies,
    });
    const model = new HierarchicalTransformer(config, store);
    expect(store.parameters.map(({ name }) => name).sort()).toEqual([...spec.parameter_order].sort());
    const values = model.initialValues(3);
    for (const { name, shape, fileShape } of store.parameters) {
      const expected = spec.parameters[name];
      const data: Float32Array = values.next().value;
      expect([name, fileShape ?? shape]).toEqual([name, expected.shape]);
      const mean = data.reduce((sum, v) => sum + v, 0) / data.length;
      const std = Math.sqrt(data.reduce((sum, v) => sum + (v - mean) ** 2, 0) / data.length);
      // Four standard errors of a standard deviation, and as much again for uniform draws being flat.
      const spread = expected.std ?? 0;
      if (data.length > 50)
        expect(Math.abs(std - spread), name).toBeLessThanOrEqual((spread * 4) / Math.sqrt(data.length) + 1e-7);
      if (expected.value !== undefined) expect(new Set(data), name).toEqual(new Set([expected.value]));
      if (expected.high !== undefined)
        expect(
          data.reduce((most, v) => Math.max(most, Math.abs(v)), 0),
          name,
        ).toBeLessThanOrEqual(Math.fround(expected.high));
    }
  });

  it('are drawn by their own name and the seed, whatever else the model has', () => {
    const draw = (depth: number, seed: number): Map<string, Float32Array> => {
      const store = new ParameterStore();
      const values = new HierarchicalTransformer(tinyModel({ depth }), store).initialValues(seed);
      return new Map(store.parameters.map(({ name }) => [name, values.next().value!]));
    };
    const [shallow, deep, other] = [draw(1, 5), draw(2, 5), draw(1, 6)];
    for (const [name, values] of shallow) expect(deep.get(name)).toEqual(values);
    expect(other.get('to_logits.weight')).not.toEqual(shallow.get('to_logits.weight'));
  });
});

describe('impossible models are refused with the control and what it needs', () => {
  const refused: [Partial<ModelConfig>, string][] = [
    [{ hierarchies: [] }, 'hierarchies: given none, needs at least one'],
    [{ hierarchies: [tinyHierarchy(3)] }, 'hierarchies[0].factor: given 3, needs a power of two'],
    [
      { hierarchies: [tinyHierarchy(1), tinyHierarchy(1)] },
      'hierarchies[1].factor: given 1, needs a factor that no other',
    ],
    [
      { hierarchies: [tinyHierarchy(1), tinyHierarchy(4, { stride: 8 })] },
      'hierarchies[1].stride: given 8, needs a power of two up to the factor 4',
    ],
    [{ hierarchies: [tinyHierarchy(1, { dimHead: 33 })] }, 'hierarchies[0].dimHead: given 33, needs an even number'],
    [{ hierarchies: [tinyHierarchy(1, { ffMult: 0.01 })] }, 'hierarchies[0].ffMult: given 0.01'],
    [{ predictFactor: 8 }, 'predictFactor: given 8, needs one of 1, 4'],
    [
      { mergeAll: true, hierarchies: [tinyHierarchy(2, { stride: 2 }), tinyHierarchy(4, { stride: 2 })] },
      'hierarchies[0].stride: given 2, needs 1, because this hierarchy predicts',
    ],
  ];
  it.each(refused.map(([changes, message]) => ({ changes, message })))('$message', ({ changes, message }) => {
    expect(() => new HierarchicalTransformer(tinyModel(changes), new ParameterStore())).toThrow(message);
  });
});

describe('on the adapter', () => {
  let device: Gpu;
  beforeAll(async () => {
    device = await Gpu.open(await gpu());
  });

  async function withSession<T>(
    model: ModelConfig,
    length: number,
    look: (session: TrainingSession, records: Float32Array[]) => Promise<T>,
  ): Promise<T> {
    const records: Float32Array[] = [];
    const session = await TrainingSession.create(device, {
      model,
      batchSize: 1,
      accumulation: 1,
      length,
      seed: 1,
      onRecord: (r) => records.push(r.slice()),
    });
    try {
      return await look(session, records);
    } finally {
      session.destroy();
    }
  }

  const CAUSAL: [string, ModelConfig][] = [
    ['two hierarchies', tinyModel()],
    [
      'strided, merged into all',
      tinyModel({
        depth: 2,
        mergeAll: true,
        hierarchies: [
          tinyHierarchy(1, { window: 2 }),
          tinyHierarchy(4, { stride: 2 }),
          tinyHierarchy(8, { stride: 8, dim: 6 }),
        ],
      }),
    ],
    [
      'predicted from all',
      tinyModel({
        predictAll: true,
        hierarchies: [tinyHierarchy(1, { window: 3 }), tinyHierarchy(2, { window: 1, dim: 7 })],
      }),
    ],
    [
      'predicted from 2x',
      tinyModel({ predictFactor: 2, hierarchies: [tinyHierarchy(1, { window: 0 }), tinyHierarchy(2)] }),
    ],
  ];
  it.each(CAUSAL)('no position sees its future: %s', async (_name, model) => {
    const n = 13;
    const first = Uint32Array.from({ length: n }, (_, i) => 40 + ((i * 37) % 60));
    await withSession(model, n, async (session) => {
      const program = await InferenceProgram.create(device, session.model, 1, n, { keepEmbeds: true });
      const { logits, embeds } = program.activations;
      const look = async (ids: Uint32Array<ArrayBuffer>): Promise<Float32Array[]> => {
        program.run(ids);
        return [await program.read(logits), ...(await Promise.all(embeds.map((tensor) => program.read(tensor))))];
      };
      const before = await look(first);
      for (const changed of [1, 4, 8, n - 1]) {
        const after = await look(first.map((id, i) => (i >= changed ? (id * 7) % 250 : id)));
        [logits, ...embeds].forEach((tensor, k) => {
          const [, rows, channels] = tensor.shape;
          const stride = k === 0 ? 1 : model.hierarchies[k - 1].stride;
          const past = Math.min(rows, Math.ceil(changed / stride)) * channels;
          expect(after[k].subarray(0, past)).toEqual(before[k].subarray(0, past));
        });
        expect(after[0]).not.toEqual(before[0]);
      }
      program.destroy();
    });
  });

  it('a longer input has the logits of a shorter one as its beginning', async () => {
    const model = tinyModel({ depth: 2, hierarchies: [tinyHierarchy(1), tinyHierarchy(4, { stride: 2 })] });
    const ids = Uint32Array.from({ length: 16 }, (_, i) => 65 + i);
    await withSession(model, 16, async (session) => {
      const run = async (length: number): Promise<Float32Array> => {
        const program = await InferenceProgram.create(device, session.model, 1, length);
        program.run(ids.slice(0, length));
        const logits = await program.read(program.activations.logits);
        program.destroy();
        return logits;
      };
      const whole = await run(16);
      for (const length of [1, 2, 7])
        expect(relativeError(await run(length), whole.subarray(0, length * 256))).toBeLessThan(2e-6);
    });
  });

  it.each([
    ['one byte of input, where the reference averages nothing', 1, (i: number) => 70 + i],
    ['labels that are all ignored', 6, () => 0],
  ])('losses and gradients stay finite with %s', async (_name, n, idAt) => {
    await withSession(tinyModel(), n, async (session, records) => {
      const hyper = { learningRate: 1e-3, clip: 0.5, weightDecay: 0, ceWeight: 1, reconWeight: 0.1, arWeight: 0.25 };
      session.replay.submit(
        2,
        (ids) => ids.forEach((_, i) => (ids[i] = idAt(i))),
        () => hyper,
      );
      await session.replay.ring.atMost(0);
      for (const record of records) {
        expect([...record].every(Number.isFinite)).toBe(true);
        expect(record[session.layout.nonFinite]).toBe(0);
      }
      if (idAt(0) === 0) expect(records[0][session.layout.ce]).toBe(0);
      if (n === 1) expect(records[0][session.layout.ar[1]!]).toBe(0);
    });
  });

  it('refuses an input longer than the context', async () => {
    await withSession(tinyModel(), 16, async (session) => {
      await expect(InferenceProgram.create(device, session.model, 1, 17)).rejects.toThrow(
        'forward: given 17 tokens, needs 1 to 16',
      );
    });
  });
});
