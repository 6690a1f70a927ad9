import { effectiveWindow } from '../config/effective-window.ts';
import type { Gpu } from '../gpu/device.ts';
import type { AttentionObservation } from '../model/attention.ts';
import { keepHeads } from '../model/attention-heads.ts';
import type { HierarchicalTransformer } from '../model/hierarchical-transformer.ts';
import type { HierarchyGeometry, Inspection } from '../protocol/inspection.ts';
import { materialise, release } from '../tensor/compile.ts';
import { bytesOf, declareSlab, slabTensor, type Slab, type Tensor } from '../tensor/tensor.ts';
import { packBand } from './attention-band.ts';
import { InferenceProgram } from './inference.ts';
import { bitsOf, candidatesOf } from './token-odds.ts';

const CANDIDATES = 5;
/** Attention of a whole model is read at once; one that needs more than this is too large to look at. */
const MAX_ATTENTION_BYTES = 256 * 2 ** 20;

/** Probabilities of one layer of one hierarchy, head by head, each [T, span]. */
interface SeenAttention {
  layer: number;
  hierarchy: number;
  heads: Tensor[];
}

/**
 * Looks at what the model does with a passage, by forward programs of its own: training has not one dispatch more.
 * Programs are compiled when they are first needed and always read a whole context; a shorter passage lies at its start.
 */
export class Inspector {
  private readonly gpu: Gpu;
  private readonly model: HierarchicalTransformer;
  private readonly selections: Slab[] = [];
  private readonly programs = new Map<string, Promise<InferenceProgram>>();
  private seen: SeenAttention[] = [];
  private tail: Promise<unknown> = Promise.resolve();

  constructor(gpu: Gpu, model: HierarchicalTransformer) {
    this.gpu = gpu;
    this.model = model;
  }

  /** Inspections are served one after the other. What lies past one context is left out. */
  inspect(text: Uint8Array, attention: boolean): Promise<Inspection> {
    const turn = this.tail.then(() => this.look(text.subarray(0, this.model.config.contextLength), attention));
    this.tail = turn.catch(() => {});
    return turn;
  }

  async destroy(): Promise<void> {
    await this.tail;
    for (const program of this.programs.values()) (await program.catch(() => null))?.destroy();
    this.selections.forEach(release);
  }

  private async look(text: Uint8Array, attention: boolean): Promise<Inspection> {
    if (text.length === 0) throw new Error('inspect: given an empty passage, needs at least one byte');
    const { contextLength, hierarchies, numTokens, ablateMerge } = this.model.config;
    const plain = await (attention ? this.withAttention() : this.program('plain', {}));
    const canMute = hierarchies.length > 1 && !ablateMerge;
    const muted = canMute ? await Promise.all(hierarchies.map((_, i) => this.program(`muted ${i}`, { muted: i }))) : [];

    // All are queued before any is read, so that no training step gets in between and they see the same parameters.
    const ids = new Uint32Array(contextLength);
    ids.set(text);
    for (const program of [plain, ...muted]) program.run(ids);

    const logits = await plain.read(plain.activations.logits);
    const bitsWithout: (Float32Array | null)[] = [];
    for (const i of hierarchies.keys()) {
      const program = muted[i];
      bitsWithout.push(program ? bitsOf(await program.read(program.activations.logits), numTokens, text) : null);
    }
    const geometry = hierarchies.map((_, i) => this.geometry(i, text.length));
    const bands = [];
    for (const { layer, hierarchy, heads } of attention ? this.seen : []) {
      const probabilities = await Promise.all(heads.map((tensor) => plain.read(tensor)));
      bands.push(packBand(layer, hierarchy, geometry[hierarchy], heads[0].shape[1], probabilities));
    }
    return {
      text: text.slice(),
      hierarchies: geometry,
      bits: bitsOf(logits, numTokens, text),
      candidates: candidatesOf(logits, numTokens, text.length, Math.min(CANDIDATES, numTokens)),
      bitsWithout,
      attention: bands,
    };
  }

  private geometry(i: number, length: number): HierarchyGeometry {
    const hierarchy = this.model.config.hierarchies[i];
    const { factor, stride, heads } = hierarchy;
    const window = effectiveWindow(this.model.config, hierarchy);
    return { factor, stride, dilation: factor / stride, window, tokens: Math.ceil(length / stride), heads };
  }

  private program(key: string, options: Parameters<typeof InferenceProgram.create>[4]): Promise<InferenceProgram> {
    let program = this.programs.get(key);
    if (!program) {
      program = InferenceProgram.create(this.gpu, this.model, 1, this.model.config.contextLength, options);
      this.programs.set(key, program);
      // What could not be built once may be built later, when there is memory.
      program.catch(() => this.programs.delete(key));
    }
    return program;
  }

  private withAttention(): Promise<InferenceProgram> {
    return this.program('attention', {
      observe: (layer, hierarchy, observation) => {
        if (layer === 0 && hierarchy === 0) this.seen = [];
        this.seen.push({ layer, hierarchy, heads: this.observeHeads(observation) });
      },
    });
  }

  private observeHeads(observation: AttentionObservation): Tensor[] {
    const heads = keepHeads(observation, (head) => this.selection(head));
    const bytes = [...this.seen.flatMap((seen) => seen.heads), ...heads].reduce(
      (sum, { shape }) => sum + bytesOf(shape),
      0,
    );
    if (bytes > MAX_ATTENTION_BYTES) {
      throw new Error(
        `inspect: given ${bytes} bytes of attention, needs at most ${MAX_ATTENTION_BYTES}; a shorter context would do`,
      );
    }
    return heads;
  }

  /** Batch item 0 and a head, where the kernel reads them. */
  private selection(head: number): Tensor {
    let slab = this.selections[head];
    if (!slab) {
      slab = declareSlab(`attention selection ${head}`, 8);
      this.selections[head] = slab;
      this.gpu.write(materialise(this.gpu, slab), 0, Uint32Array.of(0, head));
    }
    return slabTensor('selection', [2], slab, 0, { dtype: 'u32' });
  }
}
