import type { ModelConfig } from '../../src/config/types.ts';
import type { Gpu } from '../../src/gpu/device.ts';
import { HierarchicalTransformer } from '../../src/model/hierarchical-transformer.ts';
import { materialise, release } from '../../src/tensor/compile.ts';
import { ParameterStore } from '../../src/tensor/parameter-store.ts';
import { uploadState, writeParameter } from '../../src/tensor/parameter-transfer.ts';
import type { Golden } from './golden.ts';
import { someNumbers } from './some-numbers.ts';

/** A model with its weights and nothing to train it with, which takes long to compile. */
export class ModelOnDevice {
  readonly model: HierarchicalTransformer;
  /** Another number after each change of the weights. */
  version = 0;
  private readonly gpu: Gpu;
  private readonly store = new ParameterStore();

  constructor(gpu: Gpu, config: ModelConfig, seed = 1) {
    this.gpu = gpu;
    this.model = new HierarchicalTransformer(config, this.store);
    for (const { weights } of this.store.segments) materialise(gpu, weights);
    this.draw(seed);
  }

  /** Draws all weights anew, gains and biases of norms too, which a fresh model has at 1 and 0. */
  draw(seed: number): void {
    const values = this.model.initialValues(seed);
    for (const parameter of this.store.parameters) {
      const fresh: Float32Array<ArrayBuffer> = values.next().value;
      const noise = someNumbers(fresh.length, seed);
      writeParameter(
        this.gpu,
        this.store,
        'weights',
        parameter,
        fresh.map((v, i) => v + noise[i] / 8),
      );
    }
    this.version++;
  }

  /** Takes the weights of the reference's model. */
  upload(golden: Golden<unknown>): void {
    const keys = [...golden.tensors.keys()].filter((key) => key.startsWith('param/'));
    const state = new Map(keys.map((key) => [key.slice(6), { shape: golden.shape(key), data: golden.floats(key) }]));
    uploadState(this.gpu, this.store, 'weights', state);
    this.version++;
  }

  destroy(): void {
    for (const { weights } of this.store.segments) release(weights);
    this.model.constants.release();
  }
}
