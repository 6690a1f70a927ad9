import { hasMerges } from '../../config/has-merges.ts';
import { effectiveWindow } from '../../config/effective-window.ts';
import type { Gpu } from '../../gpu/device.ts';
import type { AttentionObservation } from '../../model/attention.ts';
import { keepHeads } from '../../model/attention-heads.ts';
import { keepLens } from '../../model/logit-lens.ts';
import { keepMergeNorms } from '../../model/merge-norms.ts';
import { keepReconstructions } from '../../model/reconstructions.ts';
import type { HierarchicalTransformer } from '../../model/hierarchical-transformer.ts';
import type { AttentionRow, HierarchyGeometry, Inspection } from '../../protocol/inspection.ts';
import { materialise, release } from '../../tensor/compile.ts';
import { bytesOf, declareSlab, slabTensor, type Slab, type Tensor } from '../../tensor/tensor.ts';
import { packBand } from './attention-band.ts';
import { InferenceProgram } from '../passes/inference.ts';
import { layerReading } from './layer-reading.ts';
import { mergeShares } from './merge-shares.ts';
import { reconstructionOf } from './reconstruction.ts';
import { bitsOf, candidatesOf, ranksOf } from './token-odds.ts';

const CANDIDATES = 5;
/** Attention of a whole model is read at once; one that needs more than this is too large to look at. */
const MAX_ATTENTION_BYTES = 256 * 2 ** 20;
/** What is predicted before each layer is left out where it needs more than this. */
const MAX_LENS_BYTES = 128 * 2 ** 20;

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
  private readonly stepNow: () => number;
  private readonly selections: Slab[] = [];
  private readonly programs = new Map<string, Promise<InferenceProgram>>();
  private seen: SeenAttention[] = [];
  /** Per layer, norms of what each hierarchy puts into its merge, [1, n, hierarchies]. */
  private merged: Tensor[] = [];
  /** Per hierarchy, what its reconstruction head makes of the tokens that tile a text; null without one. */
  private rebuilt: (Tensor | null)[] = [];
  /** Per layer, what would be predicted from the tokens that it begins with, [1, n, V]. */
  private lenses: Tensor[] = [];
  /** Whose probabilities are in the attention program's memory: they stay there until it runs again. */
  private held: { text: Uint8Array; step: number } | null = null;
  private tail: Promise<unknown> = Promise.resolve();

  /** @param stepNow the step whose parameters a program would see that is queued now */
  constructor(gpu: Gpu, model: HierarchicalTransformer, stepNow: () => number) {
    this.gpu = gpu;
    this.model = model;
    this.stepNow = stepNow;
  }

  /** Reads a passage and says at which step. What lies past one context is left out. */
  inspect(text: Uint8Array, attention: boolean): Promise<{ step: number; inspection: Inspection }> {
    return this.inTurn(() => this.look(this.cut(text), attention));
  }

  /**
   * Weights of one row, heads x span, as an inspection of this text at this step computed them: from the memory that they
   * are still in, else made again while the parameters are the same. Null when they have gone on.
   */
  row(text: Uint8Array, step: number, row: AttentionRow): Promise<Float32Array | null> {
    return this.inTurn(() => this.readRow(this.cut(text), step, row));
  }

  async destroy(): Promise<void> {
    await this.tail;
    for (const program of this.programs.values()) (await program.catch(() => null))?.destroy();
    this.selections.forEach(release);
  }

  /** Requests are served one after the other: programs are shared. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(work);
    this.tail = turn.catch(() => {});
    return turn;
  }

  private cut(text: Uint8Array): Uint8Array {
    return text.slice(0, this.model.config.contextLength);
  }

  private async readRow(text: Uint8Array, step: number, { layer, hierarchy, token }: AttentionRow) {
    const program = await this.withAttention();
    if (!this.holds(text, step)) {
      if (step !== this.stepNow()) return null;
      this.hold(text, program);
    }
    const heads = this.seen.find((seen) => seen.layer === layer && seen.hierarchy === hierarchy)?.heads;
    if (heads === undefined || token >= heads[0].shape[0]) {
      throw new Error(
        `inspect: given token ${token} of layer ${layer}, hierarchy ${hierarchy}, needs one that attends`,
      );
    }
    const rows = await Promise.all(heads.map((tensor) => program.readRow(tensor, token)));
    return Float32Array.from(rows.flatMap((row) => [...row]));
  }

  private holds(text: Uint8Array, step: number): boolean {
    const { held } = this;
    return held?.step === step && held.text.length === text.length && held.text.every((byte, at) => byte === text[at]);
  }

  /** Queues the attention program over a text, whose probabilities it holds from now on. */
  private hold(text: Uint8Array, program: InferenceProgram): void {
    program.run(this.idsOf(text));
    this.held = { text, step: this.stepNow() };
  }

  private idsOf(text: Uint8Array): Uint32Array<ArrayBuffer> {
    const ids = new Uint32Array(this.model.config.contextLength);
    ids.set(text);
    return ids;
  }

  private async look(text: Uint8Array, attention: boolean): Promise<{ step: number; inspection: Inspection }> {
    if (text.length === 0) throw new Error('inspect: given an empty passage, needs at least one byte');
    const { config } = this.model;
    const { hierarchies, numTokens } = config;
    const plain = await (attention ? this.withAttention() : this.withLenses());
    const muted: InferenceProgram[] = [];
    // One after the other: each would take the faults of another that is made meanwhile for its own.
    for (const i of hasMerges(config) ? hierarchies.keys() : [])
      muted.push(await this.program(`muted ${i}`, { muted: i }));

    // All are queued before any is read, so that no training step gets in between and they see the same parameters.
    const step = this.stepNow();
    if (attention) this.hold(text, plain);
    else plain.run(this.idsOf(text));
    for (const program of muted) program.run(this.idsOf(text));

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
    const norms = attention ? await Promise.all(this.merged.map((tensor) => plain.read(tensor))) : [];
    const shares = norms.map((each) => mergeShares(each, hierarchies.length, text.length));
    const reconstructions = [];
    // One after the other: each is as large as the logits are, and little is left of it.
    for (const [i, tensor] of attention ? this.rebuilt.entries() : []) {
      reconstructions.push(tensor && reconstructionOf(await plain.read(tensor), numTokens, geometry[i], text));
    }
    const layers = [];
    for (const tensor of attention ? [] : this.lenses)
      layers.push(layerReading(await plain.read(tensor), numTokens, text));
    const inspection = {
      text,
      hierarchies: geometry,
      bits: bitsOf(logits, numTokens, text),
      ranks: ranksOf(logits, numTokens, text),
      candidates: candidatesOf(logits, numTokens, text.length, Math.min(CANDIDATES, numTokens)),
      bitsWithout,
      layers,
      attention: bands,
      mergeShares: shares,
      reconstructions,
    };
    return { step, inspection };
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
      const { gpu, model } = this;
      program = gpu.inTurn(() => InferenceProgram.create(gpu, model, 1, model.config.contextLength, options));
      this.programs.set(key, program);
      // What could not be built once may be built later, when there is memory.
      program.catch(() => this.programs.delete(key));
    }
    return program;
  }

  private withLenses(): Promise<InferenceProgram> {
    const { config } = this.model;
    const { contextLength, depth, numTokens } = config;
    const hasRoom = bytesOf([depth, contextLength, numTokens]) <= MAX_LENS_BYTES;
    return this.program('lenses', {
      observeTokens: hasRoom
        ? (layer, tokens) => {
            this.lenses[layer] = keepLens(this.model, tokens, contextLength);
          }
        : undefined,
    });
  }

  private withAttention(): Promise<InferenceProgram> {
    // Not what an earlier attempt has left that there was no memory for.
    if (!this.programs.has('attention')) this.seen = [];
    return this.program('attention', {
      observe: (layer, hierarchy, observation) => {
        this.seen.push({ layer, hierarchy, heads: this.observeHeads(observation) });
      },
      observeMerge: (layer, seen) => {
        this.merged[layer] = keepMergeNorms(seen);
      },
      observeEmbeds: (embeds) => {
        this.rebuilt = keepReconstructions(this.model, embeds);
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
