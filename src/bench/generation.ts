import { decodeQuery } from '../config/codec/decode.ts';
import type { Gpu } from '../gpu/device.ts';
import { generate, type NextLogits } from '../model/generate.ts';
import { InferenceProgram } from '../train/passes/inference.ts';
import { TrainingSession } from '../train/passes/training-session.ts';
import { Decoder } from '../train/writing/decoder.ts';
import { summarise } from './statistics.ts';

/** Milliseconds are medians. */
export interface GenerationRow {
  /** A pass over the whole context for every byte, or what texts are written with: each byte is read once. */
  way: 'whole passes' | 'decoder';
  promptBytes: number;
  /** From the prompt to the first new byte. */
  firstByteMilliseconds: number;
  /** Each later byte. */
  byteMilliseconds: number;
  bytesPerSecond: number;
  /** Mean over the positions of a context. */
  dispatchesPerByte: number;
}

/** New bytes of a round: few whole passes take as long as many positions. */
const NEW_BYTES = { 'whole passes': 4, decoder: 60 };

/**
 * Times how an untrained model of a link's query continues a prompt within its context, both ways in turn. The prompt has
 * a quarter of the context unless said otherwise.
 */
export async function measureGeneration(
  gpu: Gpu,
  query: string,
  rounds: number,
  promptBytes?: number,
): Promise<GenerationRow[]> {
  const { model: config } = decodeQuery(query).config;
  const { contextLength } = config;
  const prompt = Uint8Array.from({ length: promptBytes ?? contextLength / 4 }, (_, i) => 97 + ((i * 7) % 26));
  const session = await TrainingSession.create(gpu, {
    model: config,
    batchSize: 1,
    accumulation: 1,
    length: 1,
    seed: 0,
    onRecord: () => {},
  });
  const program = await InferenceProgram.create(gpu, session.model, 1, contextLength);
  // As if training went on between rounds: otherwise the prompt would be known from the round before.
  let round = 0;
  const decoder = await Decoder.create(gpu, session.model, () => round);
  const ways: [GenerationRow['way'], NextLogits, number][] = [
    ['whole passes', (ids, length) => program.nextLogits(ids, length - 1), program.dispatchCount],
    ['decoder', async (ids, length) => [await decoder.nextLogits(ids, length)], meanDispatches(decoder, contextLength)],
  ];
  const first = ways.map((): number[] => []);
  const later = ways.map((): number[] => []);
  for (; round <= rounds; round++) {
    for (const [i, [way, next]] of ways.entries()) {
      const count = Math.min(NEW_BYTES[way], contextLength - prompt.length + 1);
      const times = await timeBytes(next, prompt, count, contextLength);
      // The first round warms up.
      if (round === 0) continue;
      first[i].push(times[0]);
      later[i].push(...times.slice(1));
    }
  }
  decoder.destroy();
  program.destroy();
  session.destroy();
  return ways.map(([way, , dispatchesPerByte], i) => ({
    way,
    promptBytes: prompt.length,
    firstByteMilliseconds: summarise(first[i]).median,
    byteMilliseconds: summarise(later[i]).median,
    bytesPerSecond: 1000 / summarise(later[i]).median,
    dispatchesPerByte,
  }));
}

/** Milliseconds that each of `count` new bytes took. */
async function timeBytes(
  next: NextLogits,
  prompt: Uint8Array,
  count: number,
  contextLength: number,
): Promise<number[]> {
  const sampling = { count, contextLength, temperature: 1, topK: 25, uniform: () => 0.5 };
  const times: number[] = [];
  let start = performance.now();
  for await (const _ of generate(next, [prompt], sampling)) {
    times.push(performance.now() - start);
    start = performance.now();
  }
  return times;
}

function meanDispatches({ dispatchCounts }: Decoder, positions: number): number {
  const fromLargest = [...dispatchCounts].sort(([a], [b]) => b - a);
  let sum = 0;
  for (let p = 0; p < positions; p++) sum += fromLargest.find(([stride]) => p % stride === 0)![1];
  return sum / positions;
}
