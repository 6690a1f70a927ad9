import { openAsBlob } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { summariseRun } from '../../../src/protocol/run-file.ts';
import { bytes } from '../../../src/ui/format/quantity.ts';
import { TRAINED } from '../../../src/ui/state/trained-facts.ts';
import { TrainedModel } from '../../../src/ui/state/trained-model.ts';

function openPage(fetchFile: (name: string, onBytes: (received: number) => void) => Promise<Blob>) {
  const opened: string[] = [];
  const trained = new TrainedModel({
    fetchFile,
    runFile: {
      openFromElsewhere: async (file) => {
        if (file.size === 0) throw new Error('it is no safetensors file');
        opened.push(file.name);
      },
    },
  });
  return { trained, opened, state: () => trained.store.getState() };
}

test('what is said of the model that comes with the page is what its file holds', async () => {
  const file = await openAsBlob(`public/${TRAINED.file}`);
  const { query, step, text, isModelAlone } = await summariseRun(file);
  const { preset, config } = decodeQuery(query);
  expect({ model: preset, steps: step, text: text.name, size: bytes(file.size) }).toEqual({
    model: TRAINED.model,
    steps: TRAINED.steps,
    text: TRAINED.text,
    size: bytes(TRAINED.bytes),
  });
  // Else it would train on as soon as it is opened.
  expect([isModelAlone, config.training.steps]).toEqual([true, step]);
});

test('it is fetched when it is wanted, once at a time, and tells how much of it has come', async () => {
  const asked: string[] = [];
  let tell: (received: number) => void = () => {};
  let come: (file: Blob) => void = () => {};
  const { trained, opened, state } = openPage((name, onBytes) => {
    asked.push(name);
    tell = onBytes;
    return new Promise((resolve) => (come = resolve));
  });
  expect([asked, state()]).toEqual([[], { received: null, failure: null }]);
  const opening = trained.open();
  expect(state().received).toBe(0);
  tell(700);
  expect(state().received).toBe(700);
  await trained.open();
  expect(asked).toEqual([TRAINED.file]);
  come(new Blob(['a model']));
  await opening;
  expect([opened, state()]).toEqual([[TRAINED.file], { received: null, failure: null }]);
});

test('why it cannot be opened is said, until it is tried again or was read', async () => {
  let file: Blob | null = null;
  const { trained, opened, state } = openPage(async () => {
    if (file === null) throw new Error('the server answered 404');
    return file;
  });
  await trained.open();
  expect(state()).toEqual({ received: null, failure: 'trained.safetensors: the server answered 404.' });
  file = new Blob([]);
  await trained.open();
  expect(state().failure).toBe('trained.safetensors: it is no safetensors file.');
  trained.closeFailure();
  expect(state().failure).toBeNull();
  await trained.open();
  file = new Blob(['a model']);
  const again = trained.open();
  expect(state().failure).toBeNull();
  await again;
  expect(opened).toEqual([TRAINED.file]);
});
