import { expect, test, vi } from 'vitest';
import { makeCorpus } from '../../../src/data/corpus.ts';
import { AutoSample } from '../../../src/train/writing/auto-sample.ts';
import { Samples } from '../../../src/train/writing/samples.ts';
import type { TextRequest } from '../../../src/train/writing/text-sampler.ts';

const corpus = makeCorpus('words', new Uint8Array(1000));
const request: TextRequest = { prompt: Uint8Array.of(65), length: 5, temperature: 1, topK: 1, seed: 0 };
const always = (): boolean => true;

/** Samples over a stream whose texts end when the test says so. */
function writing(auto: AutoSample | null = new AutoSample(corpus, 64)) {
  const ends: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  const write = vi.fn<() => Promise<void>>(() => new Promise((resolve, reject) => ends.push({ resolve, reject })));
  return { samples: new Samples({ write, stop: vi.fn<() => void>() }, auto), write, ends };
}

test('what refreshes by itself does so while somebody sees it and training goes on', async () => {
  const { samples, write, ends } = writing();
  await samples.refresh(1, false, () => false);
  samples.show(false);
  await samples.refresh(1, false, always);
  expect(samples.isDueAt(1)).toBe(false);
  expect(write).not.toHaveBeenCalled();

  samples.show(true);
  expect(samples.isDueAt(1)).toBe(true);
  const refreshing = samples.refresh(1, false, always);
  expect(write).toHaveBeenCalledOnce();
  ends[0].resolve();
  await refreshing;
  expect(samples.isDueAt(1)).toBe(false);
});

test('where nothing refreshes by itself nothing is ever due', async () => {
  const { samples, write } = writing(null);
  samples.resume();
  await samples.refresh(1, false, always);
  expect([samples.areSeen, samples.isDueAt(1)]).toEqual([false, false]);
  expect(write).not.toHaveBeenCalled();
});

test('whoever waits for texts under way waits for all of them, failed ones too', async () => {
  const { samples, ends } = writing();
  const texts = [samples.write(1, request, always), samples.write(2, request, always)];
  let isIdle = false;
  const idle = samples.idle().then(() => (isIdle = true));
  ends[0].reject(new Error('the device is lost'));
  await expect(texts[0]).rejects.toThrow('the device is lost');
  expect(isIdle).toBe(false);
  ends[1].resolve();
  await idle;
  await samples.idle();
});
