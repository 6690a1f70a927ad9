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
  data: ['config', 'random', 'text'],
  tensor: ['gpu'],
  ops: ['tensor', 'gpu'],
  optim: ['tensor', 'gpu'],
  nn: ['ops', 'tensor', 'random'],
  model: ['nn', 'ops', 'tensor', 'config', 'random'],
  protocol: ['config'],
  comparison: ['protocol', 'config'],
  train: ['model', 'optim', 'data', 'tensor', 'gpu', 'config', 'protocol', 'random'],
  bench: [...BELOW_TRAIN, 'train'],
  worker: ['train', 'gpu', 'data', 'protocol', 'config'],
  cli: [...BELOW_TRAIN, 'comparison', 'train', 'bench', 'launcher'],
  ui: ['comparison', 'protocol', 'config', 'text'],
  'bench-page': ['bench', 'gpu', 'ui'],
};

/** Which folders of src/train a folder of it may import besides itself. The files beside them may import all of them. */
const MAY_IMPORT_IN_TRAIN: Record<string, string[]> = {
  time: [],
  saving: [],
  passes: ['saving', 'time'],
  kernels: ['passes', 'saving', 'time'],
  inspection: ['passes', 'time'],
  scoring: ['passes'],
  writing: ['passes', 'time'],
};

/** Every file in a folder of src/train, by its path from there. */
const filesInTrain = sources
  .filter(([path]) => /^train\/.+\//.test(path))
  .map(([path, text]): [path: string, text: string] => [path.slice('train/'.length), text]);

const IMPORT = /\b(?:from|import)\s*\(?\s*['"](\.[^'"]*)['"]/g;

/** Folders that the file at `path` imports, its own left out; paths begin where the folders are. */
function importedFolders(path: string, text: string): string[] {
  const targets = [...withoutComments(text).matchAll(IMPORT)].map((found) => posix.join(posix.dirname(path), found[1]));
  const inside = targets.filter((target) => !target.startsWith('..'));
  return inside.map((target) => target.split('/')[0]).filter((folder) => folder !== path.split('/')[0]);
}

/** What `files` import that the layer of their folder may not. */
function importsBeyond(mayImport: Record<string, string[]>, files: [path: string, text: string][]): string[] {
  return files.flatMap(([path, text]) => {
    const allowed = mayImport[path.split('/')[0]] ?? [];
    const beyond = importedFolders(path, text).filter((folder) => !allowed.includes(folder));
    return beyond.map((folder) => `${path} imports ${folder}`);
  });
}

function foldersWithoutLayer(mayImport: Record<string, string[]>, files: [path: string, text: string][]): string[] {
  const folders = new Set(files.filter(([path]) => path.includes('/')).map(([path]) => path.split('/')[0]));
  return [...folders].filter((folder) => !(folder in mayImport));
}

test('a folder of src imports only what its layer may', () => {
  expect(importsBeyond(MAY_IMPORT, sources)).toEqual([]);
});

test('every folder of src has its layer', () => {
  expect(foldersWithoutLayer(MAY_IMPORT, sources)).toEqual([]);
});

test('a folder of src/train imports only what its layer may, and nothing from beside it', () => {
  expect(importsBeyond(MAY_IMPORT_IN_TRAIN, filesInTrain)).toEqual([]);
});

test('every folder of src/train has its layer', () => {
  expect(foldersWithoutLayer(MAY_IMPORT_IN_TRAIN, filesInTrain)).toEqual([]);
  expect(filesInTrain.length).toBeGreaterThan(0);
});
