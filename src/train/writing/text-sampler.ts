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
  /** Index of the hierarchy that is left out of every merge; by default none is. */
  muted?: number;
}

/** Continues texts with the model's current parameters. */
export class TextSampler {
  /** The one with all hierarchies. */
  private readonly decoder: Decoder;
  /** Makes one without a hierarchy. */
  private readonly mute: (hierarchy: number) => Promise<Decoder>;
  private readonly contextLength: number;
  private readonly numTokens: number;

  private constructor(
    decoder: Decoder,
    mute: (hierarchy: number) => Promise<Decoder>,
    { config }: HierarchicalTransformer,
  ) {
    this.decoder = decoder;
    this.mute = mute;
    this.contextLength = config.contextLength;
    this.numTokens = config.numTokens;
  }

  /** `parametersVersion` is what `Decoder.create` takes. Throws OutOfMemoryError. */
  static async create(gpu: Gpu, model: HierarchicalTransformer, parametersVersion: () => number): Promise<TextSampler> {
    const decoder = await Decoder.create(gpu, model, parametersVersion);
    const mute = (muted: number): Promise<Decoder> =>
      gpu.inTurn(() => Decoder.create(gpu, model, parametersVersion, { muted }));
    return new TextSampler(decoder, mute, model);
  }

  /**
   * Yields one new byte at a time. The same request and parameters give the same bytes. A text without one of the
   * hierarchies has memory of its own, until its end; throws OutOfMemoryError where there is none.
   */
  async *sample(request: TextRequest): AsyncGenerator<number> {
    const { muted } = request;
    if (muted === undefined) {
      yield* this.write(this.decoder, request);
      return;
    }
    const decoder = await this.mute(muted);
    try {
      yield* this.write(decoder, request);
    } finally {
      decoder.destroy();
    }
  }

  private async *write(
    decoder: Decoder,
    { prompt, length, temperature, topK, seed }: TextRequest,
  ): AsyncGenerator<number> {
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
    decoder.forget();
    const next: NextLogits = async (ids, known) => [await decoder.nextLogits(ids, known)];
    for await (const [byte] of generate(next, rows, options)) yield byte;
  }

  destroy(): void {
    this.decoder.destroy();
  }
}
