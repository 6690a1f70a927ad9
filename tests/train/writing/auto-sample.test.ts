import { expect, test } from 'vitest';
import { makeCorpus } from '../../../src/data/corpus.ts';
import { AutoSample } from '../../../src/train/writing/auto-sample.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const corpus = makeCorpus(
  'words',
  encode(Array.from({ length: 90 }, (_, at) => `the ship sailed on, ${at} `).join('')),
);

function training(): AutoSample {
  const sample = new AutoSample(corpus, 64);
  sample.resume(0);
  return sample;
}

test('the first sample comes a second after training has begun, the next ones ten times as long after as they took', () => {
  const sample = training();
  expect([0, 0.9, 1].map((now) => sample.due(now, 1))).toEqual([false, false, true]);
  sample.begin(1, 1, false).done(2);
  expect([11.9, 12].map((now) => sample.due(now, 1))).toEqual([false, true]);
  sample.begin(12, 1, false).done(12.1);
  expect([16, 16.1].map((now) => sample.due(now, 1))).toEqual([false, true]);
});

test('a sample that is slow ends after two seconds, or after a tenth of the time since the one before', () => {
  const sample = training();
  const first = sample.begin(1, 1, false);
  expect(first.until).toBe(3);
  first.done(4);
  expect(sample.begin(104, 1, false).until).toBe(114);
});

/** Steps of the samples of a run of so many steps a second, where a byte takes so long to write, and what they took. */
function course(steps: number, perSecond: number, secondsPerByte: number) {
  const sample = training();
  const written: { step: number; bytes: number }[] = [];
  let now = 0;
  let taken = 0;
  for (let step = 1; step <= steps; step++) {
    now += 1 / perSecond;
    const last = step === steps;
    if (!last && !sample.due(now, step)) continue;
    const { request, done } = sample.begin(now, step, last);
    written.push({ step, bytes: request.length });
    const seconds = request.length * secondsPerByte;
    now += seconds;
    if (!last) taken += seconds;
    done(now);
  }
  return { written, share: taken / now };
}

test('a short run shows how it came to write, and samples take no more than a tenth of it', () => {
  const { written, share } = course(300, 26, 0.004);
  expect(written.length).toBeGreaterThanOrEqual(5);
  expect(written.filter(({ step }) => step < 150).length).toBeGreaterThanOrEqual(3);
  expect(share).toBeLessThan(0.1);
  // What stays is a whole one.
  expect(written.at(-1)).toEqual({ step: 300, bytes: 160 });
});

test('where writing costs next to nothing, all but the first are whole', () => {
  const { written, share } = course(300, 60, 0.0003);
  expect(written.length).toBeGreaterThanOrEqual(4);
  expect(written.slice(1).every(({ bytes }) => bytes === 160)).toBe(true);
  expect(share).toBeLessThan(0.1);
});

test('a long run is as often interrupted as ever once it changes slowly', () => {
  const { written, share } = course(20_000, 100, 0.0005);
  const late = written.filter(({ step }) => step > 5000 && step < 10_000);
  expect(late.length).toBeLessThanOrEqual(13);
  expect(share).toBeLessThan(0.1);
});

test('each sample continues other bytes, which the model is not trained on', () => {
  const sample = training();
  const prompts = [1, 2, 3].map((now) => sample.begin(now, 1, false).request.prompt);
  expect(new Set(prompts.map(String)).size).toBe(3);
  const { validation, bytes } = corpus;
  const held = String(bytes.slice(validation.start, validation.end));
  for (const prompt of prompts) expect(held).toContain(String(prompt));
});

/** The first prompts on a text, as text. */
function promptsOf(text: string): string[] {
  const sample = new AutoSample(makeCorpus('text', encode(text)), 64);
  const prompts = Array.from({ length: 20 }, (_, at) => sample.begin(at, 1, false).request.prompt);
  return prompts.map((prompt) => new TextDecoder('latin1').decode(prompt));
}

test('a prompt begins and ends where a word does, and has most of the bytes that it may have', () => {
  const words = 'Are all my pains forgotten then?\nNo more of it'.split(/\s/);
  for (const prompt of promptsOf(`${words.join(' ')}\n`.repeat(200))) {
    expect(prompt.length).toBeGreaterThan(12);
    expect(prompt.length).toBeLessThanOrEqual(24);
    for (const word of prompt.split(/\s/)) expect(words).toContain(word);
  }
});

test('a text without words is continued as it comes', () => {
  for (const prompt of promptsOf('x'.repeat(5000))) expect(prompt).toBe('x'.repeat(24));
  for (const prompt of promptsOf(' '.repeat(5000))) expect(prompt.length).toBe(24);
});
