import { expect, test } from 'vitest';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { SampleStream } from '../../../src/train/writing/sample-stream.ts';
import type { TextRequest } from '../../../src/train/writing/text-sampler.ts';

const request: TextRequest = { prompt: Uint8Array.of(65), length: 5, temperature: 1, topK: 1, seed: 0 };

function writing({ step = (): number => 20, failsAfter = Infinity } = {}) {
  const told: Extract<WorkerEvent, { type: 'sample' }>[] = [];
  const stream = new SampleStream({
    texts: {
      async *sample({ length }) {
        for (let byte = 1; byte <= length; byte++) {
          if (byte > failsAfter) throw new Error('the device is lost');
          yield byte;
        }
      },
    },
    runId: 3,
    step,
    emit: (event) => told.push(event as (typeof told)[number]),
  });
  return { stream, told, last: () => [...told.at(-1)!.bytes] };
}

test('a text is told at its first byte and when it is whole', async () => {
  const { stream, told } = writing();
  await stream.write(7, request, () => true);
  const event = { type: 'sample', requestId: 7, runId: 3, step: 20, lastStep: 20, prompt: request.prompt };
  expect(told[0]).toEqual({ ...event, bytes: Uint8Array.of(1), done: false });
  expect(told.at(-1)).toEqual({ ...event, bytes: Uint8Array.of(1, 2, 3, 4, 5), done: true });
});

test('a text that is stopped, or that goes on no more, ends with the byte that was under way', async () => {
  const { stream, told, last } = writing();
  const stopped = stream.write(7, request, () => true);
  stream.stop(7);
  await stopped;
  expect(last()).toEqual([1]);
  let asked = 0;
  await stream.write(7, request, () => ++asked < 3);
  expect(last()).toEqual([1, 2, 3]);
  expect(told.at(-1)!.done).toBe(true);
});

test('a stop that comes when the text has ended does not stop the next of that number', async () => {
  const { stream, last } = writing();
  await stream.write(7, request, () => true);
  stream.stop(7);
  await stream.write(7, request, () => true);
  expect(last()).toEqual([1, 2, 3, 4, 5]);
});

test('a text that fails ends where it has come', async () => {
  const { stream, told, last } = writing({ failsAfter: 2 });
  await expect(stream.write(7, request, () => true)).rejects.toThrow('the device is lost');
  expect(last()).toEqual([1, 2]);
  expect(told.at(-1)!.done).toBe(true);
});

test('a text that is written while training goes on tells from which step to which', async () => {
  let step = 20;
  const { stream, told } = writing({ step: () => step });
  await stream.write(7, request, () => ++step > 0);
  const steps = told.map((event) => [event.step, event.lastStep]);
  expect([steps[0], steps.at(-1)]).toEqual([
    [20, 21],
    [20, 25],
  ]);
});
