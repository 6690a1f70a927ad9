import type { Gpu } from '../../gpu/device.ts';
import { concat } from '../../ops/concat.ts';
import { HYPER_LENGTH, writeHyper } from '../../optim/hyper.ts';
import { MASK, MASK_BLOCK, OPTIMIZER_STATE_LENGTH } from '../../optim/state.ts';
import { recordUpdate, type Segment, type UpdateArgs } from '../../optim/update.ts';
import { EagerSession } from '../../tensor/eager.ts';
import { sizeOf, type Tensor } from '../../tensor/tensor.ts';
import type { OpCase } from './op-case.ts';
import { TOLERANCES } from './report.ts';

/**
 * Clipping and Adam over parameters p0, p1, ..., which lie in one segment as a model's do: gradients `gP_stepS`, norms
 * before clipping, `clippedP_stepS`, and the parameters after each step, `pP_afterS`.
 */
export async function checkOptimizer(gpu: Gpu, of: OpCase): Promise<void> {
  const layout = layoutOf(of);
  const steps = of.number('steps');
  const [options, hyper] = [optionsOf(of), hyperOf(of)];
  const session = new EagerSession(gpu);
  const gradients = Array.from({ length: steps }, (_, step) => layout.pack((p) => of.floats(`g${p}_step${step}`)));
  const adam = new Updates(session, layout, hyper, steps);
  const weights = adam.makeSegment(layout.pack((p) => of.floats(`p${p}`)));
  const outputs: Record<string, Tensor> = { record: adam.record };
  gradients.forEach((values, step) => {
    adam.update(weights, values, step, options);
    // A copy, because the next step overwrites it.
    const part = session.graph.reshape(weights.weights, [1, layout.size, 1]);
    outputs[`after${step}`] = concat({ parts: [part], strides: [1], length: layout.size });
  });
  // With beta1 = 0, the first moment is the gradient as it was after clipping.
  const clipping = new Updates(session, layout, hyper, steps);
  gradients.forEach((values, step) => {
    const segment = clipping.makeSegment(layout.pack((p) => of.floats(`p${p}`)));
    clipping.update(segment, values, step, { ...options, beta1: 0 });
    outputs[`clipped${step}`] = segment.m;
  });
  const result: Record<string, ArrayLike<number>> = await session.run(outputs);

  const norms = Float32Array.from({ length: steps }, (_, step) => result.record[2 * step]);
  of.forward('norm', { shape: [steps], values: norms });
  for (let step = 0; step < steps; step++) {
    layout.shapes.forEach((shape, p) => {
      const after = layout.unpack(result[`after${step}`], p);
      of.forward(`p${p}_after${step}`, { shape, values: after });
      checkMovement(of, p, step, after);
      const clipped = `clipped${p}_step${step}`;
      if (of.has(clipped)) of.forward(clipped, { shape, values: layout.unpack(result[`clipped${step}`], p) });
    });
  }
}

/** All that was moved so far, which is small against the parameters, but for their own rounding in each step. */
function checkMovement(of: OpCase, p: number, step: number, after: ArrayLike<number>): void {
  const before = of.floats(`p${p}`);
  const expected = of.floats(`p${p}_after${step}`);
  let [worst, moved] = [0, 0];
  expected.forEach((value, i) => {
    const rounding = (step + 1) * 2 ** -23 * Math.max(Math.abs(before[i]), Math.abs(value));
    const difference = Math.max(0, Math.abs(after[i] - value) - rounding);
    worst = Number.isNaN(after[i]) ? Infinity : Math.max(worst, difference);
    moved = Math.max(moved, Math.abs(value - before[i]));
  });
  of.check('movement', `p${p}_after${step}`, worst / (moved || 1), TOLERANCES.gradients);
}

/** Where each parameter begins: at a multiple of what one entry of the mask covers. */
interface Layout {
  shapes: number[][];
  size: number;
  pack: (valuesOf: (p: number) => ArrayLike<number>) => Float32Array<ArrayBuffer>;
  unpack: (packed: ArrayLike<number>, p: number) => Float32Array<ArrayBuffer>;
}

function layoutOf(of: OpCase): Layout {
  const shapes: number[][] = [];
  while (of.has(`p${shapes.length}`)) shapes.push(of.shape(`p${shapes.length}`));
  if (shapes.length === 0) throw of.unknown('parameters p0, p1, ...');
  const starts: number[] = [];
  let size = 0;
  for (const shape of shapes) {
    starts.push(size);
    size += Math.ceil(sizeOf(shape) / MASK_BLOCK) * MASK_BLOCK;
  }
  return {
    shapes,
    size,
    pack(valuesOf) {
      const packed = new Float32Array(size);
      starts.forEach((start, p) => packed.set(valuesOf(p), start));
      return packed;
    },
    unpack: (packed, p) => Float32Array.from({ length: sizeOf(shapes[p]) }, (_, i) => packed[starts[p] + i]),
  };
}

function optionsOf(of: OpCase): UpdateArgs['options'] {
  // The reference's Adam would add it to the gradient, the engine's subtracts it from the weight.
  of.expectBuiltIn('weight_decay', 0);
  const betas = of.attributes.betas;
  if (!Array.isArray(betas) || betas.length !== 2)
    throw new Error(`betas: given ${JSON.stringify(betas)}, needs two numbers`);
  return { beta1: Number(betas[0]), beta2: Number(betas[1]), epsilon: of.number('eps') };
}

function hyperOf(of: OpCase): Float32Array<ArrayBuffer> {
  const hyper = new Float32Array(HYPER_LENGTH);
  const weights = { weightDecay: 0, ceWeight: 0, reconWeight: 0, arWeight: 0 };
  writeHyper(hyper, { ...weights, learningRate: of.number('lr'), clip: of.number('clip', 0) });
  return hyper;
}

/** A row of updates with one state; the record has the norm and the flag of each. */
class Updates {
  readonly record: Tensor;
  private readonly session: EagerSession;
  private readonly layout: Layout;
  private readonly hyper: Tensor;
  private readonly state: Tensor;

  constructor(session: EagerSession, layout: Layout, hyper: Float32Array<ArrayBuffer>, steps: number) {
    this.session = session;
    this.layout = layout;
    this.hyper = session.constant([HYPER_LENGTH], hyper);
    this.state = session.constant([OPTIMIZER_STATE_LENGTH], new Uint32Array(OPTIMIZER_STATE_LENGTH));
    this.record = session.constant([2 * steps], new Float32Array(2 * steps));
  }

  makeSegment(values: Float32Array<ArrayBuffer>): Omit<Segment, 'gradients'> {
    const { session } = this;
    const { size } = this.layout;
    const blocks = size / MASK_BLOCK;
    return {
      weights: session.constant([size], values),
      m: session.constant([size], new Float32Array(size)),
      v: session.constant([size], new Float32Array(size)),
      mask: session.constant([blocks], new Uint32Array(blocks).fill(MASK.hasGradient)),
    };
  }

  update(
    segment: Omit<Segment, 'gradients'>,
    gradients: Float32Array<ArrayBuffer>,
    step: number,
    options: UpdateArgs['options'],
  ): void {
    recordUpdate(this.session.graph, {
      segments: [{ ...segment, gradients: this.session.constant([this.layout.size], gradients) }],
      hyper: this.hyper,
      state: this.state,
      record: this.record,
      options,
      indices: { firstLoss: 0, lossCount: 0, gradientNorm: 2 * step, notFinite: 2 * step + 1 },
    });
  }
}
