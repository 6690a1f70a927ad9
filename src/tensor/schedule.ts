import type { RecordedDispatch } from './graph.ts';
import { rangeOf, type Slab } from './tensor.ts';

/**
 * How soon a dispatch runs: `early`, as soon as those that it waits for have run, or `late`, just before the first that waits for it.
 * Streams that part at one point reach equal steps at the same time when they are early, those that meet at one when they are late.
 */
export type Urgency = 'early' | 'late';

/**
 * The dispatches of a trace in another order that leaves all results as they are, in sets: what is in one set has one key, and none
 * of it waits for another.
 * @param keyOf null for those that stay alone
 */
export function independentSets(
  dispatches: readonly RecordedDispatch[],
  urgency: Urgency,
  keyOf: (dispatch: RecordedDispatch) => string | null,
): RecordedDispatch[][] {
  const turns = turnsOf(dependencies(dispatches), urgency);
  const inOrder = dispatches.map((_, i) => i).sort((a, b) => turns[a] - turns[b] || a - b);
  const sets = new Map<string, RecordedDispatch[]>();
  for (const i of inOrder) {
    const name = `${turns[i]} ${keyOf(dispatches[i]) ?? `alone ${i}`}`;
    const set = sets.get(name);
    if (set) set.push(dispatches[i]);
    else sets.set(name, [dispatches[i]]);
  }
  return [...sets.values()];
}

/** When each dispatch runs. Those of one turn do not wait for each other. */
function turnsOf(before: readonly (readonly number[])[], urgency: Urgency): number[] {
  const turns = before.map(() => 0);
  if (urgency === 'early') {
    before.forEach((each, i) => (turns[i] = Math.max(-1, ...each.map((j) => turns[j])) + 1));
  } else {
    for (let i = before.length - 1; i >= 0; i--) {
      for (const j of before[i]) turns[j] = Math.min(turns[j], turns[i] - 1);
    }
  }
  return turns;
}

/** For each dispatch those that it must follow: one of the two writes what the other touches. */
function dependencies(dispatches: readonly RecordedDispatch[]): number[][] {
  const reads = new Map<Slab | number, Access[]>();
  const writes = new Map<Slab | number, Access[]>();
  return dispatches.map(({ kernel, bindings }, dispatch) => {
    const before = new Set<number>();
    for (const { name, kind } of kernel.entry.storage) {
      const { memory, begin, end } = rangeOf(bindings[name]);
      for (const accesses of kind === 'read' ? [writes] : [writes, reads]) {
        for (const other of accesses.get(memory) ?? []) {
          if (other.begin < end && begin < other.end) before.add(other.dispatch);
        }
      }
      const own = kind === 'read' ? reads : writes;
      const known = own.get(memory);
      if (known) known.push({ dispatch, begin, end });
      else own.set(memory, [{ dispatch, begin, end }]);
    }
    before.delete(dispatch);
    return [...before];
  });
}

/** What a dispatch touches of a slab or a temporary. */
interface Access {
  dispatch: number;
  begin: number;
  end: number;
}
