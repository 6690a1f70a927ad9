import { beforeAll, beforeEach } from 'vitest';
import { makeCorpus, type Corpus } from '../../src/data/corpus.ts';
import { Gpu } from '../../src/gpu/device.ts';
import type { WorkerEvent } from '../../src/protocol/events.ts';
import { Trainer, type TrainerOptions } from '../../src/train/trainer.ts';
import { gpu } from './gpu.ts';
import { tinyRun } from './tiny-model.ts';

/** Runs of a tiny model on the device of a test file, and what they have told since the test began. */
export class RunsOnDevice {
  device!: Gpu;
  events: WorkerEvent[] = [];
  readonly corpus: Corpus;

  constructor() {
    const words = 'the whale swam under the ship and the ship sailed on ';
    this.corpus = makeCorpus('words', new TextEncoder().encode(words.repeat(40)));
    beforeAll(async () => {
      this.device = await Gpu.open(await gpu());
    });
    beforeEach(() => {
      this.events = [];
    });
  }

  readonly create = (changes: Partial<TrainerOptions> = {}): Promise<Trainer> => {
    const { device, corpus } = this;
    const emit = (event: WorkerEvent): void => void this.events.push(event);
    return Trainer.create({ gpu: device, runId: 1, config: tinyRun(), corpus, emit, autoSample: false, ...changes });
  };

  readonly ofType = <T extends WorkerEvent['type']>(type: T): Extract<WorkerEvent, { type: T }>[] =>
    this.events.filter((event): event is Extract<WorkerEvent, { type: T }> => event.type === type);

  /** Of every step that was told. */
  readonly rows = (): { step: number; bpb: number }[] =>
    this.ofType('metrics').flatMap(({ batch }) =>
      Array.from(batch.step, (step, i) => ({ step, bpb: batch.trainBpb[i] })),
    );
}
