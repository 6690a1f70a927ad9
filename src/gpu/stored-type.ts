import type { Kernel } from './kernel.ts';

/**
 * How the numbers of an array lie in memory; arithmetic is f32 always. `f16-rounded` are numbers of f16 in the room of f32,
 * which any adapter can store.
 */
export type StoredType = 'f32' | 'u32' | 'f16' | 'f16-rounded';

type Aliases = ReadonlyMap<string, string>;
const aliasesOf = new WeakMap<Kernel, Aliases>();
const variants = new Map<string, Kernel>();

/**
 * The variant of a kernel that stores its arrays as the given tensors, by the names of its bindings, are stored. A shader
 * allows it by `alias NAME = f32;`, arrays of NAME, and `NAME(...)` around whatever it writes there. Throws when a binding
 * has no such alias, or when bindings that share one differ.
 */
export function storing(kernel: Kernel, tensors: Readonly<Record<string, { dtype: StoredType }>>): Kernel {
  if (!Object.values(tensors).some(({ dtype }) => isHalf(dtype))) return kernel;
  const types = new Map<string, StoredType>();
  for (const [binding, alias] of aliases(kernel)) {
    const type = tensors[binding]?.dtype;
    if (type === undefined) continue;
    const other = types.get(alias) ?? type;
    if (other !== type)
      throw new Error(`${kernel.label}: given ${binding} of ${type}, needs ${other} as its neighbours`);
    types.set(alias, type);
  }
  for (const { name } of kernel.entry.storage) {
    const type = tensors[name]?.dtype;
    if (type !== undefined && isHalf(type) && !aliases(kernel).has(name)) {
      throw new Error(`${kernel.label}: given ${name} of ${type}, needs f32`);
    }
  }
  const changes = [...types].filter(([, type]) => isHalf(type)).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = `${kernel.key}{${changes.map((change) => change.join('=')).join(',')}}`;
  let variant = variants.get(key);
  if (!variant) {
    variant = { ...kernel, key, source: changes.reduce(rewrite, kernel.source) };
    variants.set(key, variant);
  }
  return variant;
}

function isHalf(type: StoredType): boolean {
  return type === 'f16' || type === 'f16-rounded';
}

/** The alias by which each binding names its type, for those that do. */
function aliases(kernel: Kernel): Aliases {
  let found = aliasesOf.get(kernel);
  if (!found) {
    const declared = new Set([...kernel.source.matchAll(/^alias (\w+) = f32;/gm)].map(([, name]) => name));
    found = new Map(
      kernel.entry.storage.flatMap(({ name, type }) =>
        (type.match(/\w+/g) ?? []).filter((word) => declared.has(word)).map((word) => [name, word] as const),
      ),
    );
    aliasesOf.set(kernel, found);
  }
  return found;
}

function rewrite(source: string, [alias, type]: [string, StoredType]): string {
  if (type === 'f16') return withHalf(source, alias);
  return source.replace(new RegExp(`\\b(?:vec[234]<${alias}>|${alias})\\(`, 'g'), 'quantizeToF16(');
}

const ENABLE = 'enable f16;\n';

/** A source whose `alias NAME = f32;` is f16. */
export function withHalf(source: string, alias: string): string {
  const typed = source.replace(`alias ${alias} = f32;`, `alias ${alias} = f16;`);
  return typed.startsWith(ENABLE) ? typed : ENABLE + typed;
}
