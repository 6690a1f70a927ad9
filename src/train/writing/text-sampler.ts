import type { Gpu } from '../../gpu/device.ts';
import { generate, type NextLogits } from '../../model/generate.ts';
import type { HierarchicalTransformer } from '../../model/hierarchical-transformer.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { Decoder } from './decoder.ts';

export interface TextRequest {
  prompt: Uint8Array;
  /** New bytes. */
  length: number;
  temperature: number;
  topK: number;
  seed: number;
}

/** Continues texts with the model's current parameters. */
export class TextSampler {
  private readonly decoder: Decoder;
  private readonly contextLength: number;
  private readonly numTokens: number;

  private constructor(decoder: Decoder, contextLength: number, numTokens: number) {
    this.decoder = decoder;
    this.contextLength = contextLength;
    this.numTokens = numTokens;
  }

  /** `parametersVersion` is what `Decoder.create` takes. Throws OutOfMemoryError. */
  static async create(gpu: Gpu, model: HierarchicalTransformer, parametersVersion: () => number): Promise<TextSampler> {
    const { contextLength, numTokens } = model.config;
    return new TextSampler(await Decoder.create(gpu, model, parametersVersion), contextLength, numTokens);
  }

  /** Yields one new byte at a time. The same request and parameters give the same bytes. */
  async *sample({ prompt, length, temperature, topK, seed }: TextRequest): AsyncGenerator<number> {
    const random = new RandomStream(seed, 'sampling');
    // An empty prompt would give the model nothing to look at; a line break is what most texts begin after.
    const rows = [prompt.length > 0 ? prompt : Uint8Array.of(10)];
    const options = {
      count: length,
      contextLength: this.contextLength,
      temperature,
      topK,
      uniform: (position: number, _row: number, index: number) => random.uniform(position * this.numTokens + index),
    };
    // A text must not depend on the one before, not even by a rounding.
    this.decoder.forget();
    const next: NextLogits = async (ids, known) => [await this.decoder.nextLogits(ids, known)];
    for await (const [byte] of generate(next, rows, options)) yield byte;
  }

  destroy(): void {
    this.decoder.destroy();
  }
}
