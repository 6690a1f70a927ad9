import { sampleToken, type SamplingOptions } from './sampling.ts';

/** Logits [B][V] that follow the first `length` tokens of each row of ids [B, contextLength]. */
export type NextLogits = (ids: Uint32Array<ArrayBuffer>, length: number) => Promise<Float32Array[]>;

export interface GenerateOptions extends Omit<SamplingOptions, 'uniform'> {
  /** New tokens per row. */
  count: number;
  contextLength: number;
  /** A number in [0, 1) for class `index` of row `row` in the draw of new token `position`. */
  uniform: (position: number, row: number, index: number) => number;
}

/**
 * Continues prompts (rows of equal length) as the reference does: every step sees the last `contextLength` tokens, so
 * that longer texts slide through the context. Yields the new tokens of all rows, one position at a time.
 * Shorter inputs lie at the start of the context; what follows them cannot be seen, because the model is causal.
 */
export async function* generate(
  next: NextLogits,
  prompts: readonly ArrayLike<number>[],
  options: GenerateOptions,
): AsyncGenerator<number[]> {
  const { count, contextLength, uniform, temperature, topK } = options;
  const rows = prompts.map((prompt) => Array.from(prompt));
  if (rows.length === 0 || rows.some((row) => row.length === 0))
    throw new Error('generate: given an empty prompt, needs at least one token');
  const ids = new Uint32Array(rows.length * contextLength);
  for (let position = 0; position < count; position++) {
    const length = Math.min(rows[0].length, contextLength);
    rows.forEach((row, r) => ids.set(row.slice(-contextLength), r * contextLength));
    const logits = await next(ids, length);
    const tokens = logits.map((row, r) =>
      sampleToken(row, { temperature, topK, uniform: (index) => uniform(position, r, index) }),
    );
    tokens.forEach((token, r) => rows[r].push(token));
    yield tokens;
  }
}
