import { expect, test } from 'vitest';
import { sources, withoutStrings } from '../support/sources.ts';

/** Files of src outside of `folders` whose code matches `pattern`. */
function filesWith(pattern: RegExp, folders: string[]): string[] {
  return sources
    .filter(([path, text]) => !folders.includes(path.split('/')[0]) && pattern.test(withoutStrings(text)))
    .map(([path]) => `src/${path}`);
}

test('only src/gpu and src/launcher know WebGPU devices and where they come from', () => {
  expect(filesWith(/\bGPUDevice\b|\bnavigator\s*\??\.\s*gpu\b/, ['gpu', 'launcher'])).toEqual([]);
});

test('only src/ui and src/bench-page know the page', () => {
  // `window` alone is an attention window, a local name; the linter, which knows scopes, refuses the global as well.
  const page =
    /(?<![.\w])(?:document|window)\s*(?:\?\.|\.|\[)|\btypeof\s+(?:document|window)\b|\bglobalThis\.(?:document|window)\b/;

  expect(filesWith(page, ['ui', 'bench-page'])).toEqual([]);
});
