import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every TypeScript file of src by its path from there, such as `gpu/device.ts`, with its text. */
export const sources = filesOf('src', /\.tsx?$/);

/** Every WGSL file of shaders by its path from there, with its text. */
export const shaders = filesOf('shaders', /\.wgsl$/);

/** Every style sheet of src by its path from there, with its text. */
export const styles = filesOf('src', /\.css$/);

/** Every TypeScript file of tests by its path from there, with its text. */
export const tests = filesOf('tests', /\.tsx?$/);

// Read, not imported: what is imported counts as used for whoever looks for files that nobody uses.
function filesOf(root: string, ending: RegExp): [path: string, text: string][] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => ending.test(path))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]);
}

/** The code of a TypeScript text: comments blanked, strings kept. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|(?<=^|[\s;{}(),])\/\/.*$/gm, '');
}

/** `text` without comments and with every quoted string emptied; templates stay, since they hold code. */
export function withoutStrings(text: string): string {
  return withoutComments(text).replace(/(['"])(?:\\.|(?!\1).)*\1/g, '$1$1');
}
