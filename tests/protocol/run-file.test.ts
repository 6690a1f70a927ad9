import { expect, it } from 'vitest';
import { summariseRun } from '../../src/protocol/run-file.ts';
import { writeCheckpoint } from '../../src/train/saving/checkpoint.ts';
import { writeSafetensors } from '../../src/protocol/safetensors.ts';
import { emptyCheckpoint } from '../support/empty-checkpoint.ts';

const weights = new Map([['w', { shape: [3], data: Float32Array.of(1, 2, 3) }]]);
const file = new Blob(writeCheckpoint(emptyCheckpoint({ step: 7, weights })));

it('says what run a file holds', async () => {
  const { query, step, text } = await summariseRun(file);
  expect(step).toBe(7);
  expect(text).toEqual({ name: 'words', sha256: '' });
  expect(query).toContain('v=1');
});

it.each<[string, Blob, string]>([
  ['a text', new Blob(['it is a truth universally acknowledged']), 'it is no safetensors file'],
  ['nothing', new Blob([]), 'it is no safetensors file'],
  ['arrays of another program', new Blob(writeSafetensors(new Map(), {})), 'it holds arrays, but no run'],
  [
    'a later version',
    new Blob(writeSafetensors(new Map(), { format: 'strata run', version: '3' })),
    'it is of version 3, this page reads 1 and 2',
  ],
  ['half a file', file.slice(0, file.size - 4), `it is cut off: ${file.size - 4} of ${file.size} bytes`],
  [
    'no step',
    new Blob(writeSafetensors(new Map(), { format: 'strata run', version: '1' })),
    'its configuration or its step',
  ],
])('refuses %s by what is wrong', async (_name, other, message) => {
  await expect(summariseRun(other)).rejects.toThrow(message);
});
