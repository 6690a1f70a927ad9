import { expect, test } from 'vitest';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { Inspections } from '../../../src/train/inspection/inspections.ts';
import type { Inspector } from '../../../src/train/inspection/inspector.ts';
import { Rhythm } from '../../../src/train/time/rhythm.ts';

const TEXT = Uint8Array.of(1, 2, 3);

/** Inspections of a run whose inspector does this, and what they told. */
function inspectionsBy(inspect: () => ReturnType<Inspector['inspect']>) {
  const events: WorkerEvent[] = [];
  const inspections = new Inspections({
    inspector: { inspect } as unknown as Inspector,
    rhythm: new Rhythm(100, 0),
    runId: 7,
    emit: (event) => events.push(event),
    isThere: () => true,
  });
  return { inspections, events };
}

test('a watched passage is inspected once at each step to remember, until nobody watches any more', async () => {
  const { inspections, events } = inspectionsBy(async () => ({ step: 5, inspection: {} as never }));
  expect(inspections.isDue(5)).toBe(false);
  inspections.watch(TEXT);
  expect([4, 5].map((step) => inspections.isDue(step))).toEqual([false, true]);
  await inspections.remember(5);
  expect([5, 7, 10].map((step) => inspections.isDue(step))).toEqual([false, false, true]);
  inspections.watch(null);
  expect(inspections.isDue(10)).toBe(false);
  await inspections.remember(10);
  expect(events).toEqual([{ type: 'inspection', requestId: 0, runId: 7, step: 5, inspection: {} }]);
});

test('a passage is inspected again at a step that a run makes again, and not where it goes on', async () => {
  const { inspections } = inspectionsBy(async () => ({ step: 20, inspection: {} as never }));
  inspections.watch(TEXT);
  await inspections.remember(20);
  inspections.forgetAfter(20);
  expect(inspections.isDue(20)).toBe(false);
  inspections.forgetAfter(15);
  expect(inspections.isDue(20)).toBe(true);
});

test('a passage that cannot be inspected is said so once, and not tried again', async () => {
  const { inspections, events } = inspectionsBy(() => Promise.reject(new Error('no memory')));
  inspections.watch(TEXT);
  await inspections.remember(0);
  expect(events).toEqual([{ type: 'inspection-failed', requestId: 0, runId: 7, message: 'no memory' }]);
  expect([inspections.isWatching, inspections.isDue(1)]).toEqual([false, false]);
});
