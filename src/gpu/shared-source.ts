import type { Kernel } from './kernel.ts';
import { endOfIndex } from './shareable-elements.ts';
import { asFunction, MOST_MEMBERS, sharedEntry, type ReadField } from './shared-entry.ts';
import { readFunctions, reachable, withoutComments, type StorageAccess, type UniformField } from './reflect.ts';

/** What a shared kernel binds, and what of it stands for the bindings of the plain one. */
export interface SharedBindings {
  /** WGSL element types without aliases, as in `vec4<f32>`. */
  variables: readonly { kind: StorageAccess; type: string }[];
  /** By the plain kernel's names: which variable each call means, or all of them do. */
  uses: Readonly<Record<string, number | readonly number[]>>;
}

/** Name of variable `i` of a shared kernel. */
export function variableName(i: number): string {
  return `shared_${i}`;
}

/** The field of a call's parameters that says at which element of its variable a binding begins. */
export function firstOf(binding: string): string {
  return `shared_first_${binding}`;
}

/**
 * Parameters of all calls are vectors of four, so that only the vector depends on the call and not the place in it: Dawn would make
 * three choices among four of each number of a struct in an array.
 */
function fieldReader(fields: readonly UniformField[]): ReadField {
  return (member, field) => {
    const i = fields.findIndex(({ name }) => name === field);
    if (i < 0)
      throw new Error(
        `kernel: given ${field} of a shared call, needs one of ${fields.map(({ name }) => name).join(', ')}`,
      );
    const word = `shared_four(${member} * ${fields.length / 4}u + ${Math.floor(i / 4)}u).${'xyzw'[i % 4]}`;
    return fields[i].type === 'u32' ? word : `bitcast<${fields[i].type}>(${word})`;
  };
}

/**
 * The source of a kernel that does what several calls of a plain one do. Each function that has to do with bindings or parameters is
 * told the number of the call as `shared_member`, and reads that one's; a new entry point finds it out for each workgroup.
 * @param fields what the uniform holds for one call
 */
export function sharedSource(
  plain: Kernel,
  { variables, uses }: SharedBindings,
  fields: readonly UniformField[],
): string {
  const { entry } = plain;
  const code = withoutComments(plain.source);
  const functions = readFunctions(code);
  const { names } = reachable(entry.name, functions);
  const bound = [...entry.storage.map(({ name }) => name), entry.uniform!.name];
  const told = new Set(
    [...names].filter((name) => {
      const { words } = reachable(name, functions);
      return bound.some((each) => words.has(each));
    }),
  );
  const field = fieldReader(fields);
  const rewritten = [...names].map((name) => {
    const { text } = functions.get(name)!;
    const own = name === entry.name ? asFunction(code, text) : text;
    return told.has(name) ? rewrite(own, entry.uniform!.name, field, uses, told) : own;
  });
  let rest = code.replace(/^@group.*;$/gm, '').replace(new RegExp(`struct ${entry.uniform!.type} \\{[^}]*\\}`), '');
  for (const { text } of functions.values()) rest = rest.replace(text, () => '');
  return [
    rest.replace(/\n\s*\n+/g, '\n'),
    ...variables.map(
      ({ kind, type }, i) => `@group(0) @binding(${i}) var<storage, ${kind}> ${variableName(i)}: array<${type}>;`,
    ),
    `@group(0) @binding(${variables.length}) var<uniform> shared_calls: array<vec4u, ${(MOST_MEMBERS * fields.length) / 4}>;`,
    'fn shared_four(i: u32) -> vec4u { return shared_calls[i]; }',
    ...Object.entries(uses).flatMap(([name, use]) => (typeof use === 'number' ? [] : choosers(name, use, variables))),
    ...rewritten,
    sharedEntry(plain, code, functions.get(entry.name)!.text, field),
  ].join('\n');
}

/** Functions that read and write a binding which is not in the same variable for all calls. */
function choosers(name: string, use: readonly number[], variables: SharedBindings['variables']): string[] {
  const { type, kind } = variables[use[0]];
  const forEach = (act: (variable: string) => string): string =>
    use.map((variable, i) => `    ${i > 0 ? `case ${i}u` : 'default'}: { ${act(variableName(variable))} }`).join('\n');
  const read = `fn shared_get_${name}(shared_member: u32, i: u32) -> ${type} {
  switch (shared_member) {
${forEach((variable) => `return ${variable}[i];`)}
  }
}`;
  const write = `fn shared_set_${name}(shared_member: u32, i: u32, value: ${type}) {
  switch (shared_member) {
${forEach((variable) => `${variable}[i] = value;`)}
  }
}`;
  return kind === 'read' ? [read] : [read, write];
}

/** A function that is told which call it works for, as are those that it calls. */
function rewrite(
  text: string,
  uniform: string,
  field: ReadField,
  uses: SharedBindings['uses'],
  told: ReadonlySet<string>,
): string {
  let result = text.replace(new RegExp(`(?<![.\\w])${uniform}\\.(\\w+)`, 'g'), (_, name: string) =>
    field('shared_member', name),
  );
  for (const [name, use] of Object.entries(uses)) {
    const at = (index: string): string => `${field('shared_member', firstOf(name))} + (${index})`;
    result =
      typeof use === 'number'
        ? rewriteIndices(result, name, (index) => `${variableName(use)}[${at(index)}]`)
        : rewriteIndices(
            result,
            name,
            (index) => `shared_get_${name}(shared_member, ${at(index)})`,
            (index, value) => `shared_set_${name}(shared_member, ${at(index)}, ${value})`,
          );
  }
  for (const name of told) {
    result = result.replace(
      new RegExp(`(?<![.\\w])(fn )?${name}\\(\\s*(\\))?`, 'g'),
      (_, fn = '', close = ', ') => `${fn}${name}(shared_member${fn && ': u32'}${close}`,
    );
  }
  return result;
}

/** Every `name[index]` in another form, and `name[index] = value` where that has a form too; indices and values may hold others. */
function rewriteIndices(
  text: string,
  name: string,
  read: (index: string) => string,
  write?: (index: string, value: string) => string,
): string {
  const found = new RegExp(`(?<![.\\w])${name}\\[`).exec(text);
  if (!found) return text;
  const begin = found.index + found[0].length;
  const end = endOfIndex(text, begin);
  const inner = (part: string): string => rewriteIndices(part, name, read, write);
  const index = inner(text.slice(begin, end - 1));
  const [assignment, operator] = (write && /^\s*([-+*/]?)=(?!=)/.exec(text.slice(end))) ?? [];
  if (!write || assignment === undefined) return text.slice(0, found.index) + read(index) + inner(text.slice(end));
  const stop = text.indexOf(';', end);
  const given = inner(text.slice(end + assignment.length, stop).trim());
  const value = operator ? `${read(index)} ${operator} (${given})` : given;
  return text.slice(0, found.index) + write(index, value) + inner(text.slice(stop));
}
