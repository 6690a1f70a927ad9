import { RandomStream } from './random-stream.ts';

/** Sets values[i] to a uniform draw between lo and hi; a pure function of (seed, stream, i). */
export function fillUniform(values: Float32Array, lo: number, hi: number, seed: number, stream: string): void {
  const random = new RandomStream(seed, stream);
  const width = hi - lo;
  for (let i = 0; i < values.length; i++) values[i] = lo + width * random.uniform(i);
}

/** Sets values[i] to a normal draw, computed in float64; a pure function of (seed, stream, i). */
export function fillNormal(values: Float32Array, mean: number, std: number, seed: number, stream: string): void {
  const random = new RandomStream(seed, stream);
  for (let i = 0; i < values.length; i++) values[i] = mean + std * random.normal(i);
}
