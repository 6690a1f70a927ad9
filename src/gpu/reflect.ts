/**
 * What a WGSL file says about itself: bindings, uniform fields, override constants and, for each entry point, which
 * bindings it really uses. Only the subset of WGSL that our shaders keep to is understood: group 0, storage arrays and
 * one uniform struct of 4-byte scalars per entry point.
 */
export interface Binding<Kind = 'uniform' | StorageAccess> {
  name: string;
  binding: number;
  kind: Kind;
  type: string;
}

export type StorageAccess = 'read' | 'read_write';

export interface UniformField {
  name: string;
  type: 'u32' | 'i32' | 'f32';
}

export interface EntryPoint {
  name: string;
  /** Storage bindings in the order of their numbers. */
  storage: Binding<StorageAccess>[];
  uniform: (Binding<'uniform'> & { fields: UniformField[] }) | null;
  workgroupSize: string;
}

export interface Reflection {
  entryPoints: Map<string, EntryPoint>;
  overrides: Set<string>;
}

const cache = new Map<string, Reflection>();

/** Reads a WGSL source; the result is cached by source text. Throws when a uniform holds anything but 4-byte scalars. */
export function reflect(source: string): Reflection {
  let known = cache.get(source);
  if (!known) {
    known = analyse(withoutComments(source));
    cache.set(source, known);
  }
  return known;
}

export function withoutComments(source: string): string {
  return source.replace(/\/\/[^\n]*/g, '').replace(/\/\*[\s\S]*?\*\//g, '');
}

function analyse(code: string): Reflection {
  const bindings = [...code.matchAll(BINDING)].map(([, number, space, access, name, type]): Binding => ({
    name,
    binding: Number(number),
    kind: space === 'uniform' ? 'uniform' : access === 'read_write' ? 'read_write' : 'read',
    type: type.trim(),
  }));
  const functions = readFunctions(code);
  const entryPoints = new Map<string, EntryPoint>();
  for (const [name, { attributes }] of functions) {
    if (!attributes.includes('@compute')) continue;
    const words = reachable(name, functions).words;
    const used = bindings.filter((b) => words.has(b.name)).sort((a, b) => a.binding - b.binding);
    const uniform = used.find((b): b is Binding<'uniform'> => b.kind === 'uniform');
    entryPoints.set(name, {
      name,
      storage: used.filter((b): b is Binding<StorageAccess> => b.kind !== 'uniform'),
      uniform: uniform ? { ...uniform, fields: readFields(code, uniform.type) } : null,
      workgroupSize: /@workgroup_size\(([^)]*)\)/.exec(attributes)?.[1] ?? '1',
    });
  }
  return {
    entryPoints,
    overrides: new Set([...code.matchAll(/\boverride\s+(\w+)/g)].map((m) => m[1])),
  };
}

const BINDING =
  /@group\(0\)\s*@binding\((\d+)\)\s*var<\s*(storage|uniform)\s*(?:,\s*(read|read_write)\s*)?>\s*(\w+)\s*:\s*([^;]+);/g;

/** A function in a source without comments. */
export interface FunctionText {
  attributes: string;
  /** From its first attribute to its last brace. */
  text: string;
  words: Set<string>;
}

/** All functions of a source without comments, by name. */
export function readFunctions(code: string): Map<string, FunctionText> {
  const functions = new Map<string, FunctionText>();
  for (const match of code.matchAll(/((?:@\w+(?:\([^)]*\))?\s*)*)\bfn\s+(\w+)\s*\(/g)) {
    const open = code.indexOf('{', match.index);
    let depth = 1;
    let end = open + 1;
    while (depth > 0 && end < code.length) {
      if (code[end] === '{') depth++;
      else if (code[end] === '}') depth--;
      end++;
    }
    // Not what follows a dot: `id.x` does not mean a binding x.
    const words = new Set(code.slice(open, end).match(/(?<![.\w])\w+/g));
    functions.set(match[2], { attributes: match[1], text: code.slice(match.index, end), words });
  }
  return functions;
}

/** A function with those that it calls, one by way of the other, and all words in them. */
export function reachable(
  entry: string,
  functions: ReadonlyMap<string, FunctionText>,
): { names: Set<string>; words: Set<string> } {
  const words = new Set<string>();
  const pending = [entry];
  const names = new Set<string>();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    for (const word of functions.get(name)!.words) {
      words.add(word);
      if (functions.has(word)) pending.push(word);
    }
  }
  return { names, words };
}

function readFields(code: string, type: string): UniformField[] {
  const body = new RegExp(`struct\\s+${type}\\s*\\{([^}]*)\\}`).exec(code)?.[1];
  if (body === undefined) throw new Error(`reflect: uniform type ${type} has no struct in the same file`);
  return body
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '')
    .map((field) => {
      const [name, fieldType] = field.split(':').map((part) => part.trim());
      if (fieldType !== 'u32' && fieldType !== 'i32' && fieldType !== 'f32') {
        throw new Error(`reflect: ${type}.${name} is ${fieldType}, needs u32, i32 or f32`);
      }
      return { name, type: fieldType };
    });
}
