import type { RecordedDispatch } from './graph.ts';
import { aligned, temporaryOf, type TemporaryStorage } from './tensor.ts';

/** More is so much work that a dispatch of its own hardly matters, and would lie there as long as the last of them is needed. */
const MOST_BYTES = 32 * 2 ** 20;

/** Where a temporary lies among those that it shall lie beside. */
export interface Neighbour {
  /** All of them together. */
  of: TemporaryStorage;
  offset: number;
}

/** Temporaries by their numbers. */
type Group = ReadonlyMap<number, TemporaryStorage>;

/**
 * Temporaries that shall lie side by side, so that one binding reaches them all. They then share a buffer, of which no dispatch may
 * read one while it writes another.
 */
export class Neighbourhoods {
  private readonly groups = new Map<number, Group>();
  /** For each temporary those that some dispatch writes while it reads this one, or the other way round. */
  private readonly conflicts = new Map<number, Set<number>>();

  constructor(dispatches: readonly RecordedDispatch[]) {
    for (const dispatch of dispatches) this.keepApart([dispatch]);
  }

  /** Has calls share a dispatch and these temporaries lie side by side; false, and nothing is changed, where that is impossible. */
  join(calls: readonly RecordedDispatch[], storages: readonly TemporaryStorage[]): boolean {
    const joined: Group = new Map(storages.flatMap((storage) => [...this.groupOf(storage)]));
    const isBeside = (one: number, other: number): boolean =>
      one === other || (joined.has(one) ? joined : this.groups.get(one))?.has(other) === true;
    const { read, written } = temporariesOf(calls);
    const isTorn = [...read].some((one) => [...written].some((other) => isBeside(one, other)));
    if (isTorn || !this.isPossible(joined)) return false;
    if (joined.size > 1) for (const id of joined.keys()) this.groups.set(id, joined);
    this.keepApart(calls);
    return true;
  }

  /** By the number of a temporary, for all that have neighbours. `makeId` numbers what several have become. */
  places(makeId: () => number): Map<number, Neighbour> {
    const places = new Map<number, Neighbour>();
    for (const group of new Set(this.groups.values())) {
      const of: TemporaryStorage = { kind: 'temporary', id: makeId(), bytes: 0, label: '' };
      of.label = [...group.values()].map(({ label }) => label).join(' beside ');
      for (const [id, { bytes }] of group) {
        places.set(id, { of, offset: of.bytes });
        of.bytes += aligned(bytes);
      }
    }
    return places;
  }

  /** What one dispatch reads may not lie beside what it writes. */
  private keepApart(calls: readonly RecordedDispatch[]): void {
    const { read, written } = temporariesOf(calls);
    for (const one of read) {
      for (const other of written) {
        this.conflictsOf(one).add(other);
        this.conflictsOf(other).add(one);
      }
    }
  }

  private isPossible(group: Group): boolean {
    let bytes = 0;
    for (const [id, storage] of group) {
      bytes += aligned(storage.bytes);
      if (bytes > MOST_BYTES) return false;
      // A group is small, what a temporary is in conflict with may be half of a trace.
      const conflicts = this.conflictsOf(id);
      for (const other of group.keys()) if (conflicts.has(other)) return false;
    }
    return true;
  }

  private groupOf(storage: TemporaryStorage): Group {
    return this.groups.get(storage.id) ?? new Map([[storage.id, storage]]);
  }

  private conflictsOf(id: number): Set<number> {
    let conflicts = this.conflicts.get(id);
    if (!conflicts) {
      conflicts = new Set();
      this.conflicts.set(id, conflicts);
    }
    return conflicts;
  }
}

/** Temporaries that calls read, and those that they write, by their numbers. */
function temporariesOf(calls: readonly RecordedDispatch[]): { read: Set<number>; written: Set<number> } {
  const read = new Set<number>();
  const written = new Set<number>();
  for (const { kernel, bindings } of calls) {
    for (const { name, kind } of kernel.entry.storage) {
      const storage = temporaryOf(bindings[name]);
      if (storage) (kind === 'read_write' ? written : read).add(storage.id);
    }
  }
  return { read, written };
}
