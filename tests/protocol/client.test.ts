import { expect, test } from 'vitest';
import { WorkerClient } from '../../src/protocol/client.ts';
import type { WorkerEvent } from '../../src/protocol/events.ts';
import { FakeWorker } from '../ui/support/fake-worker.ts';

function connect(): { worker: FakeWorker; client: WorkerClient; events: WorkerEvent[] } {
  const worker = new FakeWorker();
  const events: WorkerEvent[] = [];
  const client = new WorkerClient(worker, (event) => events.push(event));
  return { worker, client, events };
}

test('commands reach the worker and its events the listener, in order', () => {
  const { worker, client, events } = connect();

  client.post({ type: 'probe' });
  client.post({ type: 'pause' });
  worker.emit({ type: 'paused', runId: 1, step: 2 });
  worker.emit({ type: 'resumed', runId: 1 });

  expect(worker.commands).toEqual([{ type: 'probe' }, { type: 'pause' }]);
  expect(events.map(({ type }) => type)).toEqual(['paused', 'resumed']);
});

test('an error of the worker is a crash, also one without a message, as when its script is missing', () => {
  const { worker, events } = connect();

  worker.crash('out of cheese');
  worker.crash('');

  expect(events).toEqual([
    { type: 'crashed', message: 'out of cheese' },
    { type: 'crashed', message: 'The worker could not be loaded.' },
  ]);
});

test('after terminate nothing goes in and nothing comes out', () => {
  const { worker, client, events } = connect();

  client.terminate();
  client.post({ type: 'probe' });
  worker.emit({ type: 'reset' });
  worker.crash('late');

  expect(worker.terminated).toBe(true);
  expect([worker.commands, events]).toEqual([[], []]);
});
