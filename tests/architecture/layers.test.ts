import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { sources, withoutComments } from '../support/sources.ts';

const BELOW_TRAIN = ['config', 'data', 'gpu', 'model', 'nn', 'ops', 'optim', 'protocol', 'random', 'tensor', 'text'];

/** Which folders of src a folder may import besides itself. */
const MAY_IMPORT: Record<string, string[]> = {
  random: [],
  text: [],
  config: [],
  gpu: [],
  launcher: [],
  data: ['random', 'text'],
  tensor: ['gpu'],
  ops: ['tensor', 'gpu'],
  optim: ['tensor', 'gpu'],
  nn: ['ops', 'tensor', 'random'],
  model: ['nn', 'ops', 'tensor', 'config', 'random'],
  protocol: ['config'],
  train: ['model', 'optim', 'data', 'tensor', 'gpu', 'config', 'protocol', 'random'],
  bench: [...BELOW_TRAIN, 'train'],
  worker: ['train', 'gpu', 'data', 'protocol', 'config'],
  cli: [...BELOW_TRAIN, 'train', 'bench', 'launcher'],
  ui: ['protocol', 'config', 'text'],
  'bench-page': ['bench', 'gpu', 'ui'],
};

const IMPORT = /\b(?:from|import)\s*\(?\s*['"](\.[^'"]*)['"]/g;

/** Folders of src that the file at `path` imports, its own left out. */
function importedFolders(path: string, text: string): string[] {
  const targets = [...withoutComments(text).matchAll(IMPORT)].map((found) => posix.join(posix.dirname(path), found[1]));
  const inside = targets.filter((target) => !target.startsWith('..'));
  return inside.map((target) => target.split('/')[0]).filter((folder) => folder !== path.split('/')[0]);
}

test('a folder of src imports only what its layer may', () => {
  const broken = sources.flatMap(([path, text]) => {
    const allowed = MAY_IMPORT[path.split('/')[0]] ?? [];
    const beyond = importedFolders(path, text).filter((folder) => !allowed.includes(folder));
    return beyond.map((folder) => `src/${path} imports ${folder}`);
  });

  expect(broken).toEqual([]);
});

test('every folder of src has its layer', () => {
  const folders = new Set(sources.filter(([path]) => path.includes('/')).map(([path]) => path.split('/')[0]));

  expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
});
