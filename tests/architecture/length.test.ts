import { expect, test } from 'vitest';
import { shaders, sources, styles, tests } from '../support/sources.ts';

function longerThan(lines: number, files: [path: string, text: string][]): string[] {
  return files.filter(([, text]) => text.trimEnd().split('\n').length > lines).map(([path]) => path);
}

test('no TypeScript file is longer than 400 lines', () => {
  expect(longerThan(400, [...sources, ...tests])).toEqual([]);
});

test('no WGSL file is longer than 250 lines', () => {
  expect(longerThan(250, shaders)).toEqual([]);
});

test('no style sheet is longer than 400 lines', () => {
  expect(longerThan(400, styles)).toEqual([]);
  expect(styles.length).toBeGreaterThan(0);
});
