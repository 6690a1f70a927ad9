import type { StorageAccess } from '../gpu/reflect.ts';
import { shareableElements } from '../gpu/shareable-elements.ts';
import { sharedKernel, sharedParams } from '../gpu/shared-kernel.ts';
import { variableName } from '../gpu/shared-source.ts';
import type { RecordedDispatch } from './graph.ts';
import type { Neighbour } from './neighbours.ts';
import { rangeOf, temporaryOf, type Slab, type Storage, type Tensor } from './tensor.ts';

/** Storage buffers that every adapter lets a dispatch bind. */
const MOST_VARIABLES = 8;

/** Memory that a shared kernel has as one variable. */
interface Variable {
  memory: Slab | number;
  kind: StorageAccess;
  type: string;
  tensor: Tensor;
}

/** One dispatch for all of a group; null where they do not reach what they need by so few bindings. */
export function sharedDispatch(
  group: readonly RecordedDispatch[],
  neighbours: ReadonlyMap<number, Neighbour>,
): RecordedDispatch | null {
  const { kernel } = group[0];
  const elements = shareableElements(kernel)!;
  // Those that take a workgroup longest begin first.
  const members = group.toSorted((a, b) => bytesPerWorkgroup(b) - bytesPerWorkgroup(a));
  const variables: Variable[] = [];
  const uses: Record<string, number | number[]> = {};
  const firsts = members.map((): Record<string, number> => ({}));
  for (const { name, kind } of kernel.entry.storage) {
    const { type, bytes, isWrittenWhole } = elements.get(name)!;
    const own = members.map(({ bindings }, i) => {
      const { tensor, memory, offset } = wholeOf(bindings[name], neighbours);
      firsts[i][name] = offset / bytes;
      let variable = variables.findIndex((each) => each.memory === memory && each.kind === kind && each.type === type);
      if (variable < 0) variable = variables.push({ memory, kind, type, tensor }) - 1;
      return variable;
    });
    const isOne = own.every((variable) => variable === own[0]);
    if (!isOne && !isWrittenWhole) return null;
    uses[name] = isOne ? own[0] : own;
  }
  const isWhole = firsts.every((each) => Object.values(each).every(Number.isInteger));
  if (variables.length > MOST_VARIABLES || !isWhole || !variables.every((each) => isAlone(each, variables)))
    return null;
  return {
    kernel: sharedKernel(kernel, { variables: variables.map(({ kind, type }) => ({ kind, type })), uses }),
    bindings: Object.fromEntries(variables.map(({ tensor }, i) => [variableName(i), tensor])),
    params: sharedParams(
      kernel,
      members.map(({ params, workgroups }, i) => ({ params, workgroups, firsts: firsts[i] })),
    ),
    workgroups: [workgroupsOf(members), 1, 1],
    members,
  };
}

/** Whether no other variable is of memory that this one writes, which WebGPU refuses. */
function isAlone(variable: Variable, variables: readonly Variable[]): boolean {
  const { memory, kind } = variable;
  return variables.every(
    (other) => other === variable || other.memory !== memory || (kind === 'read' && other.kind === 'read'),
  );
}

/** All of the memory that a tensor lies in with its neighbours, and from which byte on it lies there. */
function wholeOf(
  tensor: Tensor,
  neighbours: ReadonlyMap<number, Neighbour>,
): { tensor: Tensor; memory: Slab | number; offset: number } {
  const { begin, memory } = rangeOf(tensor);
  const { storage } = tensor;
  if (storage.kind === 'slab') {
    return { tensor: whole(tensor, { ...storage, offset: 0 }, storage.slab.bytes), memory, offset: begin };
  }
  const own = temporaryOf(tensor)!;
  const { of, offset } = neighbours.get(own.id) ?? { of: own, offset: 0 };
  return { tensor: whole(tensor, of, of.bytes), memory: of.id, offset: offset + begin };
}

function whole(tensor: Tensor, storage: Storage, bytes: number): Tensor {
  return { ...tensor, storage, shape: [bytes / 4], dtype: 'f32', preactivation: null };
}

function bytesPerWorkgroup(call: RecordedDispatch): number {
  const ranges = call.kernel.entry.storage.map(({ name }) => rangeOf(call.bindings[name]));
  return ranges.reduce((sum, { begin, end }) => sum + end - begin, 0) / workgroupsOf([call]);
}

export function workgroupsOf(calls: readonly RecordedDispatch[]): number {
  return calls.reduce((sum, { workgroups: [x, y, z] }) => sum + x * y * z, 0);
}
