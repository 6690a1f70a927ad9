import type { Kernel } from './kernel.ts';

/** So many calls of one kernel may share a dispatch. */
export const MOST_MEMBERS = 8;

export const SHARED_ENTRY = 'shared_dispatch';

/** How WGSL reads a field of one call's parameters, by an expression for the number of the call. */
export type ReadField = (member: string, field: string) => string;

interface EntryParameter {
  name: string;
  /** The struct that it is a member of, and that one's name as a parameter. */
  inside: { type: string; name: string } | null;
  builtin: string;
  type: string;
}

/** What an entry point is given, in order. Members of a struct come one after the other. */
function parametersOf(code: string, entryText: string): EntryParameter[] {
  const list = /\bfn \w+\(([^]*?)\)\s*\{/.exec(entryText)![1];
  return [...list.matchAll(/(?:@builtin\((\w+)\)\s*)?(\w+)\s*:\s*(\w+)/g)].flatMap(([, builtin, name, type]) => {
    if (builtin) return [{ name, inside: null, builtin, type }];
    const body = new RegExp(`struct ${type} \\{([^}]*)\\}`).exec(code)![1];
    return [...body.matchAll(/@builtin\((\w+)\)\s*(\w+)\s*:\s*(\w+)/g)].map(
      ([, kind, member, memberType]): EntryParameter => ({
        name: member,
        inside: { type, name },
        builtin: kind,
        type: memberType,
      }),
    );
  });
}

/** The entry point as a function like others. It is given the members of a struct one by one: which of them are uniform must be seen. */
export function asFunction(code: string, text: string): string {
  const parameters = parametersOf(code, text);
  const list = parameters.map(({ name, inside, type }) => `${inside ? `${inside.name}_${name}` : name}: ${type}`);
  let body = text.slice(text.indexOf('{', text.search(/\)\s*\{/)));
  for (const name of new Set(parameters.flatMap(({ inside }) => inside?.name ?? []))) {
    const own = parameters.filter(({ inside }) => inside?.name === name);
    body = body
      .replace(new RegExp(`(?<![.\\w])${name}\\.(\\w+)`, 'g'), `${name}_$1`)
      .replace(
        new RegExp(`(?<![.\\w])${name}\\b(?![.\\w])`, 'g'),
        `${own[0].inside!.type}(${own.map((each) => `${name}_${each.name}`).join(', ')})`,
      );
  }
  return `fn ${/\bfn (\w+)\(/.exec(text)![1]}(${list.join(', ')}) ${body}`;
}

/** The entry point of the shared kernel: finds the call that a workgroup belongs to, and its place there. */
export function sharedEntry(
  { entry, workgroupSize }: Kernel,
  code: string,
  entryText: string,
  field: ReadField,
): string {
  const parameters = parametersOf(code, entryText);
  const made: Readonly<Record<string, string>> = {
    workgroup_id: 'id',
    num_workgroups: 'count',
    local_invocation_id: 'local',
    global_invocation_id: `id * vec3u(${workgroupSize.join(', ')}) + local`,
  };
  const args = parameters.map(({ builtin }) => made[builtin] ?? builtin);
  const inputs = [
    '@builtin(workgroup_id) group: vec3u',
    '@builtin(local_invocation_id) local: vec3u',
    ...parameters
      .filter(({ builtin }) => !(builtin in made))
      .map(({ builtin, type }) => `@builtin(${builtin}) ${builtin}: ${type}`),
  ];
  return `@compute @workgroup_size(${entry.workgroupSize})
fn ${SHARED_ENTRY}(${inputs.join(', ')}) {
  var member = 0u;
  while (member < ${MOST_MEMBERS - 1}u && group.x >= ${field('(member + 1u)', 'shared_begin')}) { member++; }
  let count = vec3u(${['shared_x', 'shared_y', 'shared_z'].map((name) => field('member', name)).join(', ')});
  let i = group.x - ${field('member', 'shared_begin')};
  // Calls over rows have one dimension, and division of whole numbers is dear on GPUs that have no instruction for it.
  var id = vec3u(i, 0u, 0u);
  if (count.y * count.z > 1u) { id = vec3u(i % count.x, i / count.x % count.y, i / (count.x * count.y)); }
  ${entry.name}(${['member', ...args].join(', ')});
}`;
}
