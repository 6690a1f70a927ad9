import { expect, it } from 'vitest';
import { isOfModel, MODEL_ALONE, summariseRun } from '../../src/protocol/run-file.ts';
import { readCheckpoint, writeCheckpoint, writeModel } from '../../src/train/saving/checkpoint.ts';
import { someTensors, writeSafetensors } from '../../src/protocol/safetensors.ts';
import { emptyCheckpoint } from '../support/empty-checkpoint.ts';

const weights = new Map([['w', { shape: [3], data: Float32Array.of(1, 2, 3) }]]);
const run = emptyCheckpoint({ step: 7, weights, firstMoments: weights, secondMoments: weights });
const file = new Blob(writeCheckpoint(run));
const model = new Blob(writeModel(run));

it('says what run a file holds', async () => {
  const { query, step, text, isModelAlone } = await summariseRun(file);
  expect(isModelAlone).toBe(false);
  expect(step).toBe(7);
  expect(text).toEqual({ name: 'words', sha256: '' });
  expect(query).toContain('v=1');
});

it('takes the model out of a run’s file as it is written alone', async () => {
  const { head } = await summariseRun(file);
  const taken = someTensors(file, head, isOfModel, { ...head.metadata, version: MODEL_ALONE });
  expect(new Uint8Array(await taken.arrayBuffer())).toEqual(new Uint8Array(await model.arrayBuffer()));
  const { step, isModelAlone } = await summariseRun(taken);
  expect([step, isModelAlone]).toEqual([7, true]);
  expect(readCheckpoint(await taken.arrayBuffer()).weights).toEqual(weights);
});

it.each(['null', '{"name":"words"}', 'words'])('refuses a file that says of its text %s', async (text) => {
  const { head } = await summariseRun(file);
  const without = someTensors(file, head, () => true, { ...head.metadata, text });
  await expect(summariseRun(without)).rejects.toThrow('it does not say which text it was trained on');
});

it.each<[string, string[], string, string]>([
  [
    'moments without counters',
    ['w', 'first_moment/w', 'second_moment/w'],
    '1',
    '"optimizer_state" is missing, which Adam',
  ],
  [
    'a moment too few',
    ['w', 'first_moment/w', 'optimizer_state'],
    '2',
    '"second_moment/w" is missing, which Adam needs',
  ],
  ['moments in a model alone', ['w', 'first_moment/w'], '3', '"first_moment/w" has no place in version 3'],
  ['counters in a model alone', ['w', 'optimizer_state'], '3', '"optimizer_state" has no place in version 3'],
])('refuses a mixed file by the part that is wrong: %s', async (_name, parts, version, message) => {
  const { head } = await summariseRun(file);
  const mixed = someTensors(file, head, (name) => parts.includes(name), { ...head.metadata, version });
  await expect(summariseRun(mixed)).rejects.toThrow(message);
});

it.each<[string, Blob, string]>([
  ['a text', new Blob(['it is a truth universally acknowledged']), 'it is no safetensors file'],
  ['nothing', new Blob([]), 'it is no safetensors file'],
  ['arrays of another program', new Blob(writeSafetensors(new Map(), {})), 'it holds arrays, but no run'],
  [
    'a later version',
    new Blob(writeSafetensors(new Map(), { format: 'strata run', version: '4' })),
    'it is of version 4, this page reads versions 1, 2, 3',
  ],
  ['half a file', file.slice(0, file.size - 4), `it is cut off: ${file.size - 4} of ${file.size} bytes`],
  ['half a model', model.slice(0, model.size - 4), `it is cut off: ${model.size - 4} of ${model.size} bytes`],
  [
    'no step',
    new Blob(writeSafetensors(new Map(), { format: 'strata run', version: '1' })),
    'its configuration or its step',
  ],
])('refuses %s by what is wrong', async (_name, other, message) => {
  await expect(summariseRun(other)).rejects.toThrow(message);
});
