import type { Kernel } from './kernel.ts';
import { readFunctions, reachable, withoutComments, type Binding } from './reflect.ts';

/** What an array holds: a WGSL type without aliases. */
export interface Element {
  type: string;
  bytes: number;
  /** Whether whatever is written is whole elements, by `name[index] = value;` or the like: then a function can do it instead. */
  isWrittenWhole: boolean;
}

/**
 * What each binding of a kernel holds, by its name; null where calls of the kernel cannot share a dispatch: if a binding is used other
 * than by index, or the uniform other than by its fields, if a function has a variable of such a name, or if elements are
 * anything but numbers.
 */
export function shareableElements(kernel: Kernel): ReadonlyMap<string, Element> | null {
  let elements = elementsOf.get(kernel);
  if (elements === undefined) {
    elements = findElements(kernel);
    elementsOf.set(kernel, elements);
  }
  return elements;
}

const elementsOf = new WeakMap<Kernel, ReadonlyMap<string, Element> | null>();

function findElements({ source, entry }: Kernel): Map<string, Element> | null {
  const { storage, uniform } = entry;
  const code = withoutComments(source);
  const functions = readFunctions(code);
  const texts = [...reachable(entry.name, functions).names].map((name) => functions.get(name)!.text);
  const all = texts.join('\n');
  if (!uniform || has(all, `${uniform.name}\\b(?!\\.)`) || has(all, OWN_WORDS)) return null;
  const found = new Map<string, Element>();
  for (const binding of storage) {
    const { name } = binding;
    const element = elementOf(code, binding);
    // A function may have a variable of that name, if it does not index it.
    const isMistakable = texts.some((text) => has(text, `${name}\\[`) && has(text, variableNamed(name)));
    if (!element || isMistakable || has(all, `&${name}\\b`)) return null;
    found.set(name, { ...element, isWrittenWhole: isWrittenWhole(name, all) });
  }
  return found;
}

/** What functions of a shared kernel are given. */
const OWN_WORDS = 'shared_\\w+';

function has(text: string, pattern: string): boolean {
  return new RegExp(`(?<![.\\w])${pattern}`).test(text);
}

function variableNamed(name: string): string {
  return `(?:(?:let|var|const) ${name}\\b|${name}\\s*:)`;
}

/** Whether each `name[index]` is read, or a statement begins with it that gives it a value. */
function isWrittenWhole(name: string, text: string): boolean {
  return [...text.matchAll(new RegExp(`(?<![.\\w])${name}\\[`, 'g'))].every(({ index, 0: { length } }) => {
    const behind = text.slice(endOfIndex(text, index + length));
    const target = /^(?:\.\w+|\[[^\]]*\])*\s*(?:[-+*/%&|^]|<<|>>)?=(?!=)|^(?:\.\w+)*\s*(?:\+\+|--)/.exec(behind)?.[0];
    if (target === undefined) return true;
    const isFirst = /[{};]\s*$/.test(text.slice(0, index));
    // Not in the head of a loop, where no semicolon ends it.
    const value = behind.slice(target.length, behind.indexOf(';'));
    const isAll = value.split('(').length === value.split(')').length;
    return isFirst && isAll && /^\s*[-+*/]?=$/.test(target);
  });
}

/** Where the index ends that begins at a place: behind its bracket. */
export function endOfIndex(text: string, begin: number): number {
  let end = begin;
  for (let depth = 1; depth > 0; end++) depth += text[end] === '[' ? 1 : text[end] === ']' ? -1 : 0;
  return end;
}

function elementOf(code: string, { type }: Binding): Pick<Element, 'type' | 'bytes'> | null {
  let element = /^array<(.*)>$/.exec(type)![1].replace(/\bvec([234])([fu])\b/g, 'vec$1<$232>');
  for (const [, alias, meaning] of code.matchAll(/^alias (\w+) = (f32|f16);/gm)) {
    element = element.replace(new RegExp(`\\b${alias}\\b`), meaning);
  }
  const [, count = '1', scalar = element] = /^vec([234])<(\w+)>$/.exec(element) ?? [];
  const scalarBytes = { f32: 4, u32: 4, f16: 2 }[scalar];
  if (scalarBytes !== undefined) return { type: element, bytes: scalarBytes * Number(count) };
  const fields = new RegExp(`struct ${element} \\{([^}]*)\\}`).exec(code)?.[1].match(/:\s*\w+/g);
  return fields?.every((field) => /\b[fu]32$/.test(field)) ? { type: element, bytes: 4 * fields.length } : null;
}
