/**
 * `npm run record -- [--config QUERY] [--steps N] [--out FILE]`: makes the recorded run that the page opens with, from
 * the real engine on this machine's adapter.
 */
import { writeFileSync } from 'node:fs';
import { spanLength } from '../data/corpus.ts';
import { textStatistics } from '../data/text-statistics.ts';
import type { WorkerEvent } from '../protocol/events.ts';
import { packInspection, toBase64, type Recording } from '../protocol/recording.ts';
import { Trainer } from '../train/trainer.ts';
import { openGpu } from './open-gpu.ts';
import { parseRecordArguments, type RecordArguments } from './record/arguments.ts';
import { loadText } from './train/load-text.ts';

const SAMPLE_STEPS = [0, 10, 25, 50, 100, 200, 300, 450, 600];
const PROMPT = 'Call me Ishmael. ';
const PASSAGE = 'Call me Ishmael. Some years ago, never mind how long precisely, ';

const { config, query, out } = readArguments();
const { steps } = config.training;
const corpus = await loadText(null);
const statistics = await textStatistics(corpus.bytes);
const gpu = await openGpu();
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const columnsOf = (): (number[] | null)[] => config.model.hierarchies.map(({ factor }) => (factor > 1 ? [] : null));
const recording: Recording = {
  version: 1,
  query,
  adapter: gpu.info.software ? `${gpu.info.description}, a software adapter` : gpu.info.description,
  seconds: 0,
  corpus: {
    dataset: 'sample',
    name: corpus.name,
    bytes: corpus.bytes.length,
    trainBytes: spanLength(corpus.train),
    validationBytes: spanLength(corpus.validation),
    order0Bits: statistics.order0BitsPerByte,
    gzipBits: statistics.gzipBitsPerByte,
  },
  started: { parameters: 0, flopsPerStep: 0, engineBytes: 0, pipelines: 0, dispatches: 0 },
  metrics: { trainBpb: [], recon: columnsOf(), ar: columnsOf(), gradNorm: [], learningRate: [], activeSeconds: [] },
  validation: [],
  samples: [],
  inspections: [],
};

const trainer = await Trainer.create({ gpu, runId: 1, config, corpus, emit: record, autoSample: false });
trainer.watch(bytesOf(PASSAGE));
for (const step of [...SAMPLE_STEPS.filter((s) => s < steps), steps]) {
  await trainer.advance(step - trainer.step);
  await trainer.sample(1, { prompt: bytesOf(PROMPT), length: 120, temperature: 0.8, topK: 25, seed: 1 });
  console.log(`step ${step}/${steps}  ${recording.metrics.trainBpb.at(-1)?.toFixed(3) ?? '-'} bits per byte`);
}
await trainer.stop();
recording.seconds = recording.metrics.activeSeconds.at(-1) ?? 0;
const text = JSON.stringify(recording);
writeFileSync(out, `${text}\n`);
console.log(`${out}: ${text.length.toLocaleString('en')} bytes`);
process.exit(0);

function record(event: WorkerEvent): void {
  const { metrics } = recording;
  const short = (value: number): number => Number(value.toPrecision(4));
  if (event.type === 'started') {
    const { parameters, flopsPerStep, engineBytes, pipelines, dispatches } = event;
    recording.started = { parameters, flopsPerStep, engineBytes, pipelines, dispatches };
  } else if (event.type === 'metrics') {
    const { batch } = event;
    for (const name of ['trainBpb', 'gradNorm', 'learningRate', 'activeSeconds'] as const) {
      metrics[name].push(...Array.from(batch[name], short));
    }
    for (const name of ['recon', 'ar'] as const) {
      batch[name].forEach((column, i) => column && metrics[name][i]?.push(...Array.from(column, short)));
    }
  } else if (event.type === 'validation') {
    const spread = event.spread.map((value) => value && short(value));
    recording.validation.push({ step: event.step, bpb: short(event.bpb), spread });
  } else if (event.type === 'inspection' && event.step !== 1) {
    // Step 1 looks like step 0; without it the file stays below 250 kB.
    recording.inspections.push({ step: event.step, inspection: packInspection(event.inspection) });
  } else if (event.type === 'sample' && event.done) {
    recording.samples.push({ step: event.step, prompt: toBase64(event.prompt), bytes: toBase64(event.bytes) });
  }
}

function readArguments(): RecordArguments {
  try {
    return parseRecordArguments(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}
