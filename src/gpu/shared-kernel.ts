import type { Kernel } from './kernel.ts';
import type { UniformField } from './reflect.ts';
import { MOST_MEMBERS, SHARED_ENTRY } from './shared-entry.ts';
import { firstOf, sharedSource, variableName, type SharedBindings } from './shared-source.ts';

/** Where in the dispatch a call's workgroups begin, and how many of them there are in each dimension. */
const GRID_FIELDS = ['shared_begin', 'shared_x', 'shared_y', 'shared_z'] as const;
/** As `shared_begin` of a call that there is not: no workgroup belongs to it. */
const NOWHERE = 0xffff_ffff;
const PADDING = 'shared_padding_';

/** One call among those that share a dispatch. */
export interface Member {
  params: Readonly<Record<string, number>>;
  workgroups: readonly [number, number, number];
  /** By the plain kernel's names: at which element of its variable a binding begins. */
  firsts: Readonly<Record<string, number>>;
}

const kernels = new Map<string, Kernel>();

/**
 * The kernel that does the work of several calls of a plain one in a single dispatch, whatever their sizes: each workgroup finds
 * out which call it belongs to, and every function that needs to know is told. The same arithmetic, so the same bits.
 * Needs a kernel that has `shareableElements`.
 */
export function sharedKernel(plain: Kernel, bindings: SharedBindings): Kernel {
  const key = `${plain.key} shared ${JSON.stringify(bindings)}`;
  let kernel = kernels.get(key);
  if (!kernel) {
    const { variables } = bindings;
    const fields = fieldsOf(plain);
    kernel = {
      ...plain,
      key,
      source: sharedSource(plain, bindings, fields),
      entry: {
        name: SHARED_ENTRY,
        storage: variables.map(({ kind, type }, i) => ({ name: variableName(i), binding: i, kind, type })),
        uniform: {
          name: 'shared_calls',
          binding: variables.length,
          kind: 'uniform',
          type: 'array<vec4u>',
          fields: members().flatMap((i) => fields.map(({ name, type }) => ({ name: fieldName(i, name), type }))),
        },
        workgroupSize: plain.entry.workgroupSize,
      },
    };
    kernels.set(key, kernel);
  }
  return kernel;
}

/** What a shared kernel's uniform holds for these calls. */
export function sharedParams(plain: Kernel, calls: readonly Member[]): Record<string, number> {
  let begin = 0;
  const all = members().flatMap((i) => {
    const call = calls[i];
    const own = call ? { ...paramsOf(call), shared_begin: begin } : { shared_begin: NOWHERE };
    if (call) begin += call.workgroups.reduce((product, count) => product * count, 1);
    // A parameter that a call lacks must be missed, as by a dispatch of its own.
    const blank = fieldsOf(plain).filter(({ name }) => !call || name.startsWith(PADDING));
    const values: [string, number][] = [
      ...blank.map(({ name }): [string, number] => [name, 0]),
      ...Object.entries(own),
    ];
    return values.map(([name, value]) => [fieldName(i, name), value] as const);
  });
  return Object.fromEntries(all);
}

function paramsOf({ params, firsts, workgroups: [x, y, z] }: Member): Record<string, number> {
  const places = Object.entries(firsts).map(([name, place]) => [firstOf(name), place] as const);
  return { ...params, ...Object.fromEntries(places), shared_x: x, shared_y: y, shared_z: z };
}

function members(): number[] {
  return Array.from({ length: MOST_MEMBERS }, (_, i) => i);
}

function fieldName(member: number, field: string): string {
  return `${member}.${field}`;
}

/** What a uniform holds for one call: the kernel's own, its workgroups, where its bindings begin; a multiple of 16 bytes. */
function fieldsOf({ entry }: Kernel): UniformField[] {
  const added = [...GRID_FIELDS, ...entry.storage.map(({ name }) => firstOf(name))];
  const fields = [...entry.uniform!.fields, ...added.map((name): UniformField => ({ name, type: 'u32' }))];
  while (fields.length % 4 > 0) fields.push({ name: `${PADDING}${fields.length}`, type: 'u32' });
  return fields;
}
