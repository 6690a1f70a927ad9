import gradientSumSource from '../../shaders/gradient-sum.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph } from './graph.ts';
import { grid } from './grid.ts';
import {
  aligned,
  bytesOf,
  rangeOf,
  sizeOf,
  slabOf,
  slabTensor,
  temporaryOf,
  type TemporaryStorage,
  type Tensor,
} from './tensor.ts';

/** At so many bytes of parts they are added up and their memory is used again. */
export const MOST_PART_BYTES = 8 * 2 ** 20;

const VECTOR = 4;
/** Numbers of one row of the table: what a parameter's alignment to 256 bytes leaves to itself. */
const BLOCK = 64;
const WORDS_PER_BLOCK = 5;
const SUM_PARTS = kernel('gradient-sum', gradientSumSource, 'sum_parts');

interface Entry {
  gradient: Tensor;
  parts: Tensor;
}

/**
 * Gradients of parameters reduce over all rows of a batch, and whoever computes one leaves it in parts. The parts of many
 * parameters lie side by side in one temporary, so that one dispatch adds them all up instead of one for each.
 */
export class GradientParts {
  private readonly graph: Graph;
  private arena: TemporaryStorage | null = null;
  private entries: Entry[] = [];

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** Must precede what one kernel reserves: adds up what is there unless all of these fit in beside it. */
  begin(gradients: readonly Tensor[], parts: number): void {
    const bytes = gradients.reduce((sum, gradient) => sum + roomOf(gradient, parts).bytes, this.arena?.bytes ?? 0);
    // No gradient may occur twice in a table, since two invocations would add to it at once.
    const occurs = this.entries.some((entry) => gradients.includes(entry.gradient));
    if (occurs || bytes > MOST_PART_BYTES) this.addUp();
  }

  /** Room for [parts, pitch] whose sum `addUp` adds to `gradient`. The pitch is a multiple of 4. */
  reserve(gradient: Tensor, parts: number): Tensor {
    const { pitch, bytes } = roomOf(gradient, parts);
    this.arena ??= { ...temporaryOf(this.graph.temporary('parts of gradients', [0]))! };
    const offset = this.arena.bytes;
    this.arena.bytes += bytes;
    const room: Tensor = {
      ...this.graph.temporary(`parts of ${gradient.label}`, [parts, pitch]),
      storage: { kind: 'slice', of: this.arena, offset },
    };
    this.entries.push({ gradient, parts: room });
    return room;
  }

  /** Records the sums of everything reserved so far, one dispatch per flat run of gradients. */
  addUp(): void {
    const { arena, entries } = this;
    this.arena = null;
    this.entries = [];
    if (!arena) return;
    const parts: Tensor = {
      ...this.graph.temporary('parts of gradients', [arena.bytes / 4]),
      storage: arena,
    };
    for (const slab of new Set(entries.map(({ gradient }) => slabOf(gradient)))) {
      const values = tableOf(entries.filter(({ gradient }) => slabOf(gradient) === slab));
      const count = values.length / WORDS_PER_BLOCK;
      const blocks = this.graph.table('blocks of gradients', values);
      const gradients = slabTensor(slab.label, [slab.bytes / 4], slab, 0);
      this.graph.dispatch(SUM_PARTS, { parts, blocks, gradients }, { count }, grid(count * (BLOCK / VECTOR), 64));
    }
  }
}

function roomOf(gradient: Tensor, parts: number): { pitch: number; bytes: number } {
  const pitch = Math.ceil(sizeOf(gradient.shape) / VECTOR) * VECTOR;
  return { pitch, bytes: aligned(bytesOf([parts, pitch])) };
}

/** For every 64 numbers: where their parts begin, the pitch, how many parts, where the sum goes, how many numbers. */
function tableOf(entries: readonly Entry[]): Uint32Array<ArrayBuffer> {
  const words: number[] = [];
  for (const { gradient, parts } of entries) {
    const size = sizeOf(gradient.shape);
    const [count, pitch] = parts.shape;
    for (let first = 0; first < size; first += BLOCK) {
      const source = (rangeOf(parts).begin / 4 + first) / VECTOR;
      const target = (rangeOf(gradient).begin / 4 + first) / VECTOR;
      words.push(source, pitch / VECTOR, count, target, Math.min(BLOCK, size - first));
    }
  }
  return Uint32Array.from(words);
}
