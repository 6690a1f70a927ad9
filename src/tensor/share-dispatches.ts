import { shareableElements } from '../gpu/shareable-elements.ts';
import { MOST_MEMBERS } from '../gpu/shared-entry.ts';
import { workOf } from './dispatch-work.ts';
import type { RecordedDispatch } from './graph.ts';
import { Neighbourhoods, type Neighbour } from './neighbours.ts';
import { independentSets, type Urgency } from './schedule.ts';
import { sharedDispatch, workgroupsOf } from './shared-dispatch.ts';
import { rangeOf } from './tensor.ts';

/** More keep even a large GPU busy for a while. */
const MOST_WORKGROUPS = 4096;
/**
 * Multiplications of calls that share a dispatch. More need no company, and a dispatch cannot be cut: Windows resets a GPU that is busy
 * with one for two seconds, and a slow one makes a tenth of that of so many.
 */
const MOST_WORK = 5e9;

export interface SharedDispatches {
  passes: RecordedDispatch[][];
  /** Temporaries that must lie side by side, by their numbers. */
  neighbours: Map<number, Neighbour>;
}

/**
 * The same work in fewer dispatches: calls of one kernel that do not wait for each other, as those of a layer's hierarchies, become one.
 * On a GPU each dispatch waits for the one before it, and a small one leaves most processors idle.
 * @param passes what stays apart, and how soon its dispatches run
 * @param makeId numbers temporaries
 */
export function shareDispatches(
  passes: readonly { dispatches: readonly RecordedDispatch[]; urgency: Urgency }[],
  makeId: () => number,
): SharedDispatches {
  const sets = passes.map(({ dispatches, urgency }) => independentSets(dispatches, urgency, keyOf));
  const neighbourhoods = new Neighbourhoods(passes.flatMap(({ dispatches }) => dispatches));
  const groups = sets.map((pass) => pass.flatMap((set) => groupsOf(set, neighbourhoods)));
  const neighbours = neighbourhoods.places(makeId);
  return {
    passes: groups.map((pass) => pass.flatMap((group) => sharedFew(group, neighbours))),
    neighbours,
  };
}

/** Equal for dispatches that may become one. One of many workgroups keeps a GPU busy by itself. */
function keyOf(dispatch: RecordedDispatch): string | null {
  const { kernel, bindings } = dispatch;
  const elements = shareableElements(kernel);
  if (!elements || workgroupsOf([dispatch]) > MOST_WORKGROUPS) return null;
  // No two variables of a dispatch may write one memory.
  const written = kernel.entry.storage.filter(({ kind }) => kind === 'read_write').map(({ name }) => name);
  const types = new Map(written.map((name) => [rangeOf(bindings[name]).memory, elements.get(name)!.type]));
  const isOneEach = written.every((name) => types.get(rangeOf(bindings[name]).memory) === elements.get(name)!.type);
  return isOneEach ? kernel.key : null;
}

/** A set in as few groups as can share a dispatch each, with their temporaries side by side. */
function groupsOf(set: readonly RecordedDispatch[], neighbourhoods: Neighbourhoods): RecordedDispatch[][] {
  const groups: RecordedDispatch[][] = [];
  for (const dispatch of set) {
    const group = groups.find((each) => isRoomFor(dispatch, each) && join([...each, dispatch], neighbourhoods));
    if (group) group.push(dispatch);
    else groups.push([dispatch]);
  }
  return groups;
}

function isRoomFor(dispatch: RecordedDispatch, group: readonly RecordedDispatch[]): boolean {
  const all = [...group, dispatch];
  return group.length < MOST_MEMBERS && workgroupsOf(all) <= 2 * MOST_WORKGROUPS && workOf(all) <= MOST_WORK;
}

/**
 * Has calls share a dispatch, and lie side by side what they bind under one name, where that is possible; false where the former is
 * not.
 */
function join(calls: readonly RecordedDispatch[], neighbourhoods: Neighbourhoods): boolean {
  if (!neighbourhoods.join(calls, [])) return false;
  for (const { name } of calls[0].kernel.entry.storage) {
    const storages = calls.map(({ bindings }) => bindings[name].storage);
    if (storages.every((storage) => storage.kind === 'temporary')) neighbourhoods.join(calls, storages);
  }
  return true;
}

/** As few dispatches for a group as its bindings allow. */
function sharedFew(
  group: readonly RecordedDispatch[],
  neighbours: ReadonlyMap<number, Neighbour>,
): readonly RecordedDispatch[] {
  const shared = group.length > 1 ? sharedDispatch(group, neighbours) : null;
  if (shared) return [shared];
  if (group.length <= 2) return group;
  const half = Math.ceil(group.length / 2);
  return [...sharedFew(group.slice(0, half), neighbours), ...sharedFew(group.slice(half), neighbours)];
}
