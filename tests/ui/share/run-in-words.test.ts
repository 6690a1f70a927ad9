import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { hotSettings } from '../../../src/config/hot-settings.ts';
import { runInWords } from '../../../src/ui/share/run-in-words.ts';
import { changeMark } from '../../../src/ui/state/marks.ts';
import { recordOf } from '../support/run-record.ts';

const words = (query: string, machine: string | null = null): string[] =>
  runInWords({ config: decodeQuery(query).config, text: null }, machine).split('\n');

test('a model is told stream by stream, with what a report has to say of its training', () => {
  expect(words('p=quick')).toEqual([
    'Model: a hierarchical transformer (after lucidrains/simple-hierarchical-transformer), 611,968 parameters, 2 layers, ' +
      'context of 128 bytes. Streams are 1× (64 wide, 2 heads of 32 channels over 16 earlier tokens, ' +
      'feed-forward of 2 × width); 4× (a token for every byte, 96 wide, 3 heads of 32 channels over all earlier tokens, ' +
      'feed-forward of 2 × width). After each layer all streams are merged into the one at 1×; 1× predicts the ' +
      'next byte.',
    'Training: 600 steps of 16 sequences, 1,228,800 bytes of Moby Dick; Adam (betas 0.9 and 0.999), learning rate 3e-3 ' +
      'after 20 steps of warm-up, gradient norm clipped to 0.5; loss: next byte + 0.1 × reconstruction + 0.25 × ' +
      'hierarchical prediction; 32-bit floats; seed 0.',
  ]);
});

test('what a configuration does without is not told of it, and what it does otherwise is', () => {
  const [plain, training] = words('p=flat');
  expect(plain).toContain('a plain transformer on bytes, 381,888 parameters');
  expect(plain).toContain('1× predicts the next byte.');
  expect(plain).not.toContain('merged');
  expect(training).toContain('loss: next byte;');

  const [all] = words('p=quick&ma=1&ua=1');
  expect(all).toContain('merged into every one of them; all streams together predict the next byte');
  expect(words('p=quick&am=1')[0]).toContain('The streams are not merged; 1× predicts');
  const [, other] = words('p=quick&wd=0.1&sc=cosine&cl=0&ga=4&hp=1&sd=7&aw=0');
  for (const part of [
    '600 steps of 4 batches of 16 sequences, 4,915,200 bytes',
    'AdamW with a weight decay of 0.1',
    'warm-up, then falling along half a cosine, without clipping',
    'loss: next byte + 0.1 × reconstruction; activations of 16 bits; seed 7.',
  ])
    expect(other).toContain(part);
});

test('a run tells how far it has come, on what, and which setting was changed on the way', () => {
  const run = recordOf('calm owl', decodeQuery('p=quick&lr=1e-3').config, 100, 1e9);
  run.metrics.marks = [changeMark(74, { learningRate: 1e-3 }, hotSettings(decodeQuery('p=quick').config))];
  run.metrics.appendValidation(96, 2.75, [null, 0.2]);
  run.metrics.testScore = { step: 100, bits: Float64Array.of(200, 220), bytes: Float64Array.of(100, 100) };
  run.text = { name: 'mine.txt', sha256: 'a5e1' };
  run.firstWeights = { name: 'bold fox', step: 300, sha256: '' };
  const [, training, results] = runInWords(run, 'Radeon RX 7800 XT').split('\n');
  expect(training).toContain('100 steps of 16 sequences, 204,800 bytes of mine.txt (SHA-256 a5e1);');
  expect(training).toContain('from the weights of bold fox at step 300, seed 0.');
  expect(training).toMatch(/Learning rate changed from 3e-3 to 1e-3 after step 74\.$/);
  expect(results).toMatch(/^Results: bits per byte: 2\.1\d* ± 0\.\d+ on 200 bytes of the test part at step 100 \(/);
  expect(results).toContain('2.75 in validation at step 96, ');
  expect(results).toMatch(/in training \(moving average\) at step 100\. \d+:\d\d of training on Radeon RX 7800 XT\.$/);
});
