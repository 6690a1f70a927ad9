import { createHash } from 'node:crypto';
import { beforeEach, expect, test, vi } from 'vitest';
import { rewindCurves } from '../../../src/ui/state/curves.ts';
import { PART_STEPS } from '../../../src/ui/state/curve-parts.ts';
import { historyOf } from '../../../src/ui/state/run-history.ts';
import type { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { browserRunStorage } from '../../../src/ui/state/run-storage.ts';
import { fakeDatabase, fakeLocks, held, stored } from '../support/fake-browser.ts';
import { FakeRecords } from '../support/fake-records.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';
import { config, openPage, settled } from '../support/storing-page.ts';

vi.mock('idb-keyval', async () => (await import('../support/fake-browser.ts')).fakeDatabase);

beforeEach(() => {
  stored.clear();
  held.clear();
  const storage = { persist: async () => true };
  vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 Chrome/150.0', storage, locks: fakeLocks });
  return () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  };
});

/** Bytes of the columns in a value. */
function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.buffer.byteLength;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, each) => sum + bytesOf(each), 0);
}

/** A page whose run trains, and how much it has written of curves, as copies of the run and as records. */
function trainingPage() {
  const records = new FakeRecords();
  const page = openPage(browserRunStorage(), { records });
  const written = { run: 0, records: 0 };
  const setMany = fakeDatabase.setMany.getMockImplementation()!;
  vi.spyOn(fakeDatabase, 'setMany').mockImplementation((pairs) => {
    written.run += bytesOf(pairs);
    return setMany(pairs);
  });
  const write = records.write.bind(records);
  vi.spyOn(records, 'write').mockImplementation((id, record) => {
    written.records += bytesOf(record);
    return write(id, record);
  });
  const { runId } = page.run.getState();
  const metrics = (): RunMetrics => page.curves.getState().metrics;
  return {
    page,
    records,
    metrics,
    /** Trains up to a step, where it is kept; what was written meanwhile. */
    keepAt: async (step: number) => {
      Object.assign(written, { run: 0, records: 0 });
      if (step > metrics().lastStep)
        metrics().append(plausibleMetrics(runId, config, metrics().lastStep + 1, step, 100), config.model);
      page.emit({ type: 'kept', runId, step, file: new Blob([`all of ${step}`]) });
      await settled();
      await settled();
      return { ...written };
    },
  };
}

/** What the run that is offered after that page goes on with. */
async function goneOn(step: number) {
  held.clear();
  const page = openPage(browserRunStorage(), { idle: true });
  await page.storedRuns.open();
  const [offered] = page.run.getState().earlier;
  expect(offered).toMatchObject({ step, bpb: 5.5 });
  await page.storedRuns.goOn(offered.id);
  return page.adopted[0].metrics;
}

/** All that it had measured at a step, with the digests of its columns: they are too long to be compared one by one. */
function measured(metrics: RunMetrics, step: number): string {
  const digest = (column: Uint8Array): string => createHash('sha256').update(column).digest('hex');
  return JSON.stringify(historyOf(metrics.upTo(step)), (_, value: unknown) =>
    value instanceof Float64Array ? `${value.length} ${digest(new Uint8Array(value.buffer))}` : value,
  );
}

test('of a long run that goes on little is written, and its whole curve is there after a reload', async () => {
  const { keepAt, metrics } = trainingPage();
  const whole = await keepAt(150_000);
  expect(whole.run).toBeGreaterThan(8e6);
  for (const step of [150_500, 151_000, 155_000, 163_000]) {
    const { run, records } = await keepAt(step);
    expect(run).toBeLessThan(1.2e6);
    expect(records).toBe(0);
  }
  expect(measured(await goneOn(163_000), 163_000)).toBe(measured(metrics(), 163_000));
});

test('a curve is whole wherever the parts that it is written in end', async () => {
  const { keepAt, metrics } = trainingPage();
  for (const step of [1, 0, 1, PART_STEPS].map((more) => metrics().lastStep + PART_STEPS - 1 + more)) {
    await keepAt(step);
    expect(measured(await goneOn(step), step)).toBe(measured(metrics(), step));
    held.clear();
  }
});

test('a run that went back has the steps that it made since, and not those that it had made before', async () => {
  const { keepAt, metrics, page } = trainingPage();
  await keepAt(3 * PART_STEPS);
  rewindCurves(page.curves, PART_STEPS + 100, 'back');
  const { trainBpb, ...batch } = plausibleMetrics(4, config, PART_STEPS + 101, PART_STEPS + 200, 100);
  metrics().append({ ...batch, trainBpb: trainBpb.map(() => 1) }, config.model);
  await keepAt(PART_STEPS + 200);
  const again = await goneOn(PART_STEPS + 200);
  expect(again.train.y.view()).toEqual(metrics().train.y.view());
  expect(again.train.y.last).toBe(1);
});

test('a run that is given up leaves nothing of its curve, and is whole when it is brought back', async () => {
  const { keepAt, metrics, page } = trainingPage();
  await keepAt(20_000);
  page.run.setState(({ runId }) => ({ runId: runId + 1 }));
  page.emit({ type: 'reset' });
  await settled();
  await settled();
  const [{ id }] = page.run.getState().earlier;
  await page.storedRuns.forget(id);
  expect([...stored.keys()]).toEqual([]);
  await page.storedRuns.bringBack();
  expect(measured(await goneOn(20_000), 20_000)).toBe(measured(metrics(), 20_000));
});

test('a curve of which some was cleared begins where it is whole', async () => {
  const { keepAt } = trainingPage();
  await keepAt(20_000);
  stored.delete([...stored.keys()].find((key) => key.endsWith('/1'))!);
  const again = await goneOn(20_000);
  expect([again.step.at(0), again.lastStep]).toEqual([2 * PART_STEPS + 1, 20_000]);
});

test('what Compare knows of a long run is written as it grows by a quarter, and whenever it stands', async () => {
  const { keepAt, page, records, metrics } = trainingPage();
  const stepsOf = () => [...records.records.values()].map((record) => (record as { step: number }).step);
  for (const step of [5000, 5100, 9000, 20_000]) {
    await keepAt(step);
    expect(stepsOf()).toEqual([step]);
  }
  for (const step of [20_500, 24_900]) expect((await keepAt(step)).records).toBe(0);
  expect(stepsOf()).toEqual([20_000]);
  await keepAt(25_000);
  expect(stepsOf()).toEqual([25_000]);
  await keepAt(26_000);
  page.emit({ type: 'paused', runId: page.run.getState().runId, step: 26_000 });
  await settled();
  expect(stepsOf()).toEqual([26_000]);
  rewindCurves(page.curves, 21_000, 'back');
  await keepAt(metrics().lastStep);
  expect(stepsOf()).toEqual([21_000]);
});

test('records that have become too much are given up while a run grows', async () => {
  const { keepAt, records } = trainingPage();
  await keepAt(1000);
  const step = new Float64Array(2 ** 24);
  records.records.set('large', { begunAt: -1, pin: null, history: { batch: { step } } });
  await keepAt(1100);
  expect(records.records.size).toBe(2);
  await keepAt(12_000);
  expect(records.records.has('large')).toBe(false);
});
