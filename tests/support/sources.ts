/** Every TypeScript file of src by its path from there, such as `gpu/device.ts`, with its text. */
export const sources = byPath(
  import.meta.glob<string>('../../src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }),
  '../../src/',
);

/** Every WGSL file of shaders by its path from there, with its text. */
export const shaders = byPath(
  import.meta.glob<string>('../../shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true }),
  '../../shaders/',
);

/** Every TypeScript file of tests by its path from there, with its text. */
export const tests = byPath(
  import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }),
  '../',
);

function byPath(files: Record<string, string>, root: string): [path: string, text: string][] {
  return Object.entries(files).map(([path, text]) => [path.replace(root, ''), text]);
}

/** The code of a TypeScript text: comments blanked, strings kept. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|(?<=^|[\s;{}(),])\/\/.*$/gm, '');
}

/** `text` without comments and with every quoted string emptied; templates stay, since they hold code. */
export function withoutStrings(text: string): string {
  return withoutComments(text).replace(/(['"])(?:\\.|(?!\1).)*\1/g, '$1$1');
}
