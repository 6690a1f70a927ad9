import { expect, test } from 'vitest';
import type { Corpus } from '../../../src/data/corpus.ts';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { Scores } from '../../../src/train/scoring/scores.ts';
import { TestPart } from '../../../src/train/scoring/test-part.ts';
import { tinyModel } from '../../support/tiny-model.ts';

const CONTEXT = 4;
const BATCH = 2;

/** Bytes 1, 2, 3 ... as a test part of five sequences of four, and one byte that is not read. */
const corpus: Corpus = {
  name: 'numbers',
  bytes: Uint8Array.from({ length: 22 }, (_, at) => at + 1),
  train: { start: 0, end: 0 },
  validation: { start: 0, end: 0 },
  test: { start: 0, end: 22 },
};

/** Scores of a model that pays for a byte as many bits as its number, batch after batch when the test says so. */
function openScores(changes: { loss?: (byte: number) => number } = {}) {
  const { loss = (byte) => byte } = changes;
  const session = { step: 7, submits: 3 };
  const events: WorkerEvent[] = [];
  const batches: { ids: number[]; submits: number; done: () => void; fail: (error: Error) => void }[] = [];
  const run = { isThere: true, isUsable: true };
  const scores = new Scores({
    validator: {
      batchSize: BATCH,
      losses: (ids, submits) =>
        new Promise((resolve, reject) => {
          const targets = Array.from(ids).filter((_, at) => at % (CONTEXT + 1) > 0);
          const losses = Float32Array.from(targets, (byte) => loss(byte) * Math.LN2);
          batches.push({ ids: [...ids], submits, done: () => resolve(losses), fail: reject });
        }),
    },
    part: new TestPart(corpus, CONTEXT),
    model: tinyModel({ contextLength: CONTEXT, ignoreIndex: 9 }),
    session,
    submits: () => 4,
    runId: 1,
    emit: (event) => events.push(event),
    isThere: () => run.isThere,
    isUsable: () => run.isUsable,
  });
  /** Ends the batch under way. */
  const next = async (): Promise<void> => {
    batches.at(-1)!.done();
    await rest();
  };
  const results = () => events.filter(({ type }) => type === 'scored');
  return { scores, session, events, batches, run, next, results };
}

/** Lets everything happen that waits for nothing but promises. */
const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test('what each sequence costs is added up, without the byte that the model ignores and without rows that are left', async () => {
  const { scores, batches, events, next, results } = openScores();
  const measured = scores.measure();
  expect(scores.isUnderWay).toBe(true);
  for (let batch = 0; batch < 3; batch++) await next();
  await measured;
  expect(scores.isUnderWay).toBe(false);
  expect(batches.map(({ submits }) => submits)).toEqual([4, 4, 4]);
  expect(events[0]).toEqual({ type: 'scoring', runId: 1, share: 0 });
  const [event] = results();
  if (event.type !== 'scored' || event.score === null) throw new Error('not scored');
  expect(event.score.step).toBe(7);
  expect([...event.score.bytes]).toEqual([4, 3, 4, 4, 4]);
  const expected = [14, 21, 46, 62, 78];
  event.score.bits.forEach((bits, at) => expect(bits).toBeCloseTo(expected[at], 4));
});

test('one that is asked for again while it is under way is the same', async () => {
  const { scores, batches, next, results } = openScores();
  const measured = [scores.measure(), scores.measure()];
  for (let batch = 0; batch < 3; batch++) await next();
  await Promise.all(measured);
  expect(batches).toHaveLength(3);
  expect(results()).toHaveLength(1);
});

test('one that is stopped ends after the batch under way, without a result, and can be asked for again', async () => {
  const { scores, batches, next, results } = openScores();
  const measured = scores.measure();
  scores.stop();
  await next();
  await measured;
  expect(batches).toHaveLength(1);
  expect(results()).toEqual([{ type: 'scored', runId: 1, score: null }]);
  void scores.measure();
  expect(batches).toHaveLength(2);
});

test('parameters that have become others end it without a result', async () => {
  const { scores, session, batches, next, results } = openScores();
  const measured = scores.measure();
  session.submits++;
  await next();
  await measured;
  expect(batches).toHaveLength(1);
  expect(results()).toEqual([{ type: 'scored', runId: 1, score: null }]);
});

test.each([1, 2, 3])('a run that fails in batch %i has no result, and is not measured further', async (failing) => {
  const { scores, run, batches, next, results } = openScores();
  const measured = scores.measure();
  for (let batch = 1; batch < failing; batch++) await next();
  run.isUsable = false;
  await next();
  await measured;
  expect(batches).toHaveLength(failing);
  expect(results()).toEqual([{ type: 'scored', runId: 1, score: null }]);
});

test('of a run that is gone nothing is told', async () => {
  const { scores, run, batches, events, next } = openScores();
  const measured = scores.measure();
  run.isThere = false;
  await next();
  await measured;
  expect(batches).toHaveLength(1);
  expect(events.map(({ type }) => type)).toEqual(['scoring']);
});

test('who waits for it waits to its end, or until the batch after which it need not', async () => {
  const { scores, next } = openScores();
  const over: string[] = [];
  let waits = true;
  void scores.measure();
  const whole = scores.over(() => true).then(() => over.push('whole'));
  const part = scores.over(() => waits).then(() => over.push('part'));
  await next();
  expect(over).toEqual([]);
  waits = false;
  await next();
  await part;
  expect(over).toEqual(['part']);
  await next();
  await whole;
  expect(over).toEqual(['part', 'whole']);
  await scores.over(() => true);
});

test('one that fails says why to whom it was asked by, and holds nobody up', async () => {
  const { scores, batches } = openScores();
  const measured = scores.measure();
  const waiting = scores.over(() => true);
  batches[0].fail(new Error('the device is lost'));
  await expect(measured).rejects.toThrow('the device is lost');
  await waiting;
  expect(scores.isUnderWay).toBe(false);
});

test('losses that are no numbers are no result', async () => {
  const { scores, next, results } = openScores({ loss: (byte) => (byte === 20 ? NaN : 1) });
  const failure = scores.measure().catch((error: Error) => error.message);
  for (let batch = 0; batch < 3; batch++) await next();
  expect(await failure).toBe('test part: a loss was not a finite number');
  expect(results()).toEqual([]);
});
