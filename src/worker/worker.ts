/** The engine's end of the protocol: commands in, events out. Everything that computes runs here, off the page's thread. */
import { storedText } from '../data/kept-text.ts';
import { openOpfsStore } from '../data/opfs-store.ts';
import type { Command } from '../protocol/commands.ts';
import type { WorkerEvent } from '../protocol/events.ts';
import { KernelMemory } from '../train/kernels/kernel-memory.ts';
import { CorpusHost } from './corpus-host.ts';
import { RunHost } from './run-host.ts';

const emit = (event: WorkerEvent): void => {
  postMessage(event, event.type === 'metrics' ? buffersOf(event.batch) : []);
};
const texts = new CorpusHost(emit);
const memory = new KernelMemory(
  storedText(() => openOpfsStore('kernels'), 'choices.json'),
  () => navigator.userAgent,
);
const runs = new RunHost(emit, memory);

addEventListener('message', ({ data }: MessageEvent<Command>) => {
  handle(data).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    emit({ type: 'crashed', message });
  });
});

async function handle(command: Command): Promise<void> {
  const { trainer } = runs;
  switch (command.type) {
    case 'probe':
      return runs.probe();
    case 'calibrate':
      return runs.calibrate(command.config);
    case 'start':
      return runs.start(command, texts.current);
    case 'pause':
      return trainer?.pause();
    case 'resume':
      return trainer?.resume();
    case 'step':
      return trainer?.advance(1);
    case 'adjust':
      return trainer?.adjust(command.settings);
    case 'rewind':
      return trainer?.rewind();
    case 'visibility':
      return runs.show(!command.hidden);
    case 'reset':
      return runs.reset();
    case 'sample':
      return runs.sample(command);
    case 'stop-sample':
      return trainer?.stopSample(command.requestId);
    case 'score':
      return runs.score();
    case 'stop-score':
      return trainer?.stopScore();
    case 'inspect':
      return runs.inspect(command.requestId, command.text, command.attention);
    case 'attention-row':
      return runs.attentionRow(command);
    case 'watch':
      return runs.watch(command.text);
    case 'peek':
      return texts.peek(command.requestId, command.offset, command.length);
    case 'use-embedded':
      return texts.useEmbedded(command);
    case 'use-file':
      return texts.useFile(command);
    case 'use-synthetic':
      return texts.useSynthetic(command);
    case 'use-enwik8':
      return texts.useEnwik8(command);
    case 'take-text':
      return texts.take(command.requestId);
    case 'cancel-download':
      return texts.cancel();
    default:
      command satisfies never;
  }
}

/** The columns are handed over, not copied. */
function buffersOf(batch: Extract<WorkerEvent, { type: 'metrics' }>['batch']): ArrayBuffer[] {
  const { step, trainBpb, gradNorm, learningRate, activeSeconds, recon, ar, passMilliseconds } = batch;
  const passes = passMilliseconds ? Object.values(passMilliseconds) : [];
  return [step, trainBpb, gradNorm, learningRate, activeSeconds, ...recon, ...ar, ...passes]
    .filter((column) => column !== null)
    .map(({ buffer }) => buffer as ArrayBuffer);
}
