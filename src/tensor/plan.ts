import type { RecordedDispatch } from './graph.ts';
import type { Neighbour } from './neighbours.ts';
import { aligned, temporaryOf, type TemporaryStorage, type Tensor } from './tensor.ts';

/** Where a temporary lies: in which shared buffer, from which byte. */
export interface Placement {
  buffer: number;
  offset: number;
}

export interface Plan {
  placements: Map<number, Placement>;
  /** Bytes of each shared buffer. */
  bufferBytes: number[];
  /** Most bytes of temporaries alive at one moment: no plan can need less. */
  peakBytes: number;
}

/** What a plan is made from, as a `Graph` has it. */
export interface PlannedTrace {
  dispatches: readonly RecordedDispatch[];
  /** Stay until the end. */
  kept: Iterable<Tensor>;
  /** Temporaries that lie side by side, and so are placed as one. */
  neighbours: ReadonlyMap<number, Neighbour>;
}

interface Life {
  id: number;
  label: string;
  bytes: number;
  first: number;
  last: number;
  /** Temporaries that some dispatch writes while it reads this one, or the other way round. */
  conflicts: Set<number>;
}

/**
 * Places every temporary by liveness. Two rules: what lives at the same time does not overlap, and no dispatch both
 * reads and writes one buffer, because WebGPU checks usage per whole buffer. Largest first, each in the lowest gap of
 * the buffer that grows least by it, which may be a new one. Of equals those that begin first, or that live longest:
 * neither is always better, so both are tried.
 */
export function planMemory({ dispatches, kept, neighbours }: PlannedTrace, maxBufferBytes: number): Plan {
  const lives = collectLives({ dispatches, kept, neighbours });
  const all = [...lives.values()].sort((a, b) => b.bytes - a.bytes || a.first - b.first);
  const longestFirst = all.toSorted((a, b) => b.bytes - a.bytes || b.last - b.first - (a.last - a.first));
  const [one, other] = [all, longestFirst].map((order) => place(order, maxBufferBytes));
  const { placements, bufferBytes } = sum(other.bufferBytes) < sum(one.bufferBytes) ? other : one;
  for (const [id, { of, offset }] of neighbours) {
    const together = placements.get(of.id);
    if (together) placements.set(id, { ...together, offset: together.offset + offset });
  }
  return { placements, bufferBytes, peakBytes: peak(lives) };
}

/** Places temporaries in that order. */
function place(order: readonly Life[], maxBufferBytes: number): Pick<Plan, 'placements' | 'bufferBytes'> {
  const placements = new Map<number, Placement>();
  const bufferBytes: number[] = [];
  const residents: { life: Life; offset: number }[][] = [];
  for (const life of order) {
    if (life.bytes > maxBufferBytes) {
      throw new Error(
        `memory plan: "${life.label}" needs ${life.bytes} bytes, one buffer holds at most ${maxBufferBytes}`,
      );
    }
    let best: Placement = { buffer: residents.length, offset: 0 };
    let growth = life.bytes;
    for (let buffer = 0; buffer < residents.length && growth > 0; buffer++) {
      if (residents[buffer].some(({ life: other }) => life.conflicts.has(other.id))) continue;
      const offset = lowestGap(life, residents[buffer]);
      const end = offset + life.bytes;
      const more = Math.max(0, end - bufferBytes[buffer]);
      // Of equals the first, and any before a new one.
      const isBetter = more < growth || (more === growth && best.buffer === residents.length);
      if (end > maxBufferBytes || !isBetter) continue;
      best = { buffer, offset };
      growth = more;
    }
    (residents[best.buffer] ??= []).push({ life, offset: best.offset });
    bufferBytes[best.buffer] = (bufferBytes[best.buffer] ?? 0) + growth;
    placements.set(life.id, best);
  }
  return { placements, bufferBytes };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function collectLives({ dispatches, kept, neighbours }: PlannedTrace): Map<number, Life> {
  const lives = new Map<number, Life>();
  const placed = (tensor: Tensor): TemporaryStorage | null => {
    const storage = temporaryOf(tensor);
    return (storage && neighbours.get(storage.id)?.of) ?? storage;
  };
  dispatches.forEach(({ kernel, bindings }, time) => {
    const written = new Set<number>();
    const read = new Set<number>();
    for (const { name, kind } of kernel.entry.storage) {
      const storage = bindings[name] && placed(bindings[name]);
      if (!storage) continue;
      const life = lives.get(storage.id);
      if (life) life.last = time;
      else {
        const bytes = aligned(storage.bytes);
        const { id, label } = storage;
        lives.set(id, { id, label, bytes, first: time, last: time, conflicts: new Set() });
      }
      (kind === 'read_write' ? written : read).add(storage.id);
    }
    for (const w of written) {
      for (const r of read) {
        lives.get(w)!.conflicts.add(r);
        lives.get(r)!.conflicts.add(w);
      }
    }
  });
  for (const tensor of kept) {
    const life = lives.get(placed(tensor)?.id ?? -1);
    if (life) life.last = Infinity;
  }
  return lives;
}

function lowestGap(life: Life, residents: readonly { life: Life; offset: number }[]): number {
  const overlapping = residents
    .filter(({ life: other }) => other.first <= life.last && life.first <= other.last)
    .sort((a, b) => a.offset - b.offset);
  let offset = 0;
  for (const other of overlapping) {
    if (other.offset - offset >= life.bytes) break;
    offset = Math.max(offset, other.offset + other.life.bytes);
  }
  return offset;
}

function peak(lives: Map<number, Life>): number {
  const changes = new Map<number, number>();
  for (const { first, last, bytes } of lives.values()) {
    changes.set(first, (changes.get(first) ?? 0) + bytes);
    changes.set(last + 1, (changes.get(last + 1) ?? 0) - bytes);
  }
  let now = 0;
  let most = 0;
  for (const time of [...changes.keys()].sort((a, b) => a - b)) {
    now += changes.get(time)!;
    most = Math.max(most, now);
  }
  return most;
}
