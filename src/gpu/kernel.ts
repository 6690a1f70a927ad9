import { reflect, type EntryPoint } from './reflect.ts';
import { replaceDeclarations, type Replacement } from './replace-declarations.ts';
import { withHalf } from './stored-type.ts';

/**
 * What selects a variant: values of `override NAME: u32 = ...;` (or bool) and `const NAME: u32 = ...;` lines, `alias NAME = f32;`
 * lines that become f16, declarations of other files, one file after the other.
 */
export interface Variant {
  overrides?: Readonly<Record<string, number>>;
  constants?: Readonly<Record<string, number>>;
  halves?: readonly string[];
  replacements?: readonly Replacement[];
}

/** One entry point of one WGSL file in one variant: exactly one pipeline. */
export interface Kernel {
  /** File and entry point, for labels and errors. */
  label: string;
  source: string;
  entry: EntryPoint;
  /** Of the overrides and constants that select the variant. */
  values: Readonly<Record<string, number>>;
  /** Equal keys mean equal pipelines. */
  key: string;
  workgroupSize: readonly [number, number, number];
}

const kernels = new Map<string, Kernel>();

/**
 * Names a kernel. Throws when the file has no such entry point, override, constant or declaration.
 * @param file name of the shader file without its ending, for labels
 */
export function kernel(file: string, plainSource: string, entryName: string, variant: Variant = {}): Kernel {
  const overrides = variant.overrides ?? {};
  const constants = variant.constants ?? {};
  const { replacements = [], halves = [] } = variant;
  const replaced = replacements.map(({ file: from, names }) => `<${from}:${names.join()}>`).join('');
  const half = halves.length > 0 ? `{${halves.join()}=f16}` : '';
  const key = `${file}/${entryName}${replaced}${half}${variantKey(overrides)}${variantKey(constants)}`;
  const known = kernels.get(key);
  if (known) return known;

  const merged = replacements.reduce((text, from) => replaceDeclarations(file, text, from), plainSource);
  const source = halves.reduce(withHalf, merged);
  const reflection = reflect(source);
  const entry = reflection.entryPoints.get(entryName);
  if (!entry) throw new Error(`kernel: ${file}.wgsl has no entry point ${entryName}`);
  for (const name of Object.keys(overrides)) {
    if (!reflection.overrides.has(name)) throw new Error(`kernel: ${file}.wgsl has no override ${name}`);
  }
  const values = { ...constants, ...overrides };
  const made: Kernel = {
    label: `${file}/${entryName}`,
    source: settleOverrides(file, rewriteConstants(file, source, constants), overrides),
    entry,
    values,
    key,
    workgroupSize: readWorkgroupSize(entry, source, values),
  };
  kernels.set(key, made);
  return made;
}

function variantKey(values: Readonly<Record<string, number>>): string {
  const names = Object.keys(values).sort();
  return names.length === 0 ? '' : `[${names.map((name) => `${name}=${values[name]}`).join(',')}]`;
}

function rewriteConstants(file: string, source: string, constants: Readonly<Record<string, number>>): string {
  let text = source;
  for (const [name, value] of Object.entries(constants)) {
    const line = new RegExp(`^const ${name}\\s*:\\s*u32\\s*=\\s*[^;]*;`, 'm');
    if (!line.test(text)) throw new Error(`kernel: ${file}.wgsl has no line "const ${name}: u32 = ...;"`);
    text = text.replace(line, `const ${name}: u32 = ${value}u;`);
  }
  return text;
}

/**
 * Makes a constant of every override, in the text and not when a pipeline is made: Safari leaves arrays in workgroup memory empty
 * whose size depends on an override (https://github.com/kishimisu/WebGPU-Radix-Sort/issues/10).
 */
function settleOverrides(file: string, source: string, values: Readonly<Record<string, number>>): string {
  const settled = source.replace(OVERRIDE, (_line, name: string, type: string, usual: string) => {
    const given = type === 'bool' ? String(values[name] !== 0) : `${values[name]}u`;
    return `const ${name}: ${type} = ${name in values ? given : usual};`;
  });
  const left = /^override.*$/m.exec(settled);
  if (left) throw new Error(`kernel: ${file}.wgsl has "${left[0]}", needs "override NAME: u32 = ...;" or bool`);
  return settled;
}

const OVERRIDE = /^override (\w+): (u32|bool) = ([^;]+);/gm;

function readWorkgroupSize(
  entry: EntryPoint,
  source: string,
  values: Readonly<Record<string, number>>,
): readonly [number, number, number] {
  const size = entry.workgroupSize.split(',').map((part) => {
    const word = part.trim();
    if (/^\d+u?$/.test(word)) return Number.parseInt(word);
    if (word in values) return values[word];
    const fallback = new RegExp(`(?:override|const)\\s+${word}\\s*(?::\\s*u32)?\\s*=\\s*(\\d+)`).exec(source);
    if (!fallback)
      throw new Error(`kernel: workgroup size ${word} of ${entry.name} is neither a number nor a constant`);
    return Number(fallback[1]);
  });
  return [size[0] ?? 1, size[1] ?? 1, size[2] ?? 1];
}
