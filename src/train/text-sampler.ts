import type { Gpu } from '../gpu/device.ts';
import { generate } from '../model/generate.ts';
import type { HierarchicalTransformer } from '../model/hierarchical-transformer.ts';
import { RandomStream } from '../random/random-stream.ts';
import { InferenceProgram } from './inference.ts';

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
  private readonly program: InferenceProgram;
  private readonly contextLength: number;
  private readonly numTokens: number;

  private constructor(program: InferenceProgram, contextLength: number, numTokens: number) {
    this.program = program;
    this.contextLength = contextLength;
    this.numTokens = numTokens;
  }

  static async create(gpu: Gpu, model: HierarchicalTransformer): Promise<TextSampler> {
    const { contextLength, numTokens } = model.config;
    return new TextSampler(await InferenceProgram.create(gpu, model, 1, contextLength), contextLength, numTokens);
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
    for await (const [byte] of generate((ids, n) => this.program.nextLogits(ids, n - 1), rows, options)) yield byte;
  }

  destroy(): void {
    this.program.destroy();
  }
}
