import { aligned, ALIGNMENT, bytesOf, declareSlab, slabTensor, type Shape, type Slab, type Tensor } from './tensor.ts';

/** How a parameter is drawn. Uniform lies in (-bound, bound). */
export type Init =
  | { kind: 'uniform'; bound: number }
  | { kind: 'normal'; std: number }
  | { kind: 'constant'; value: number };

export interface ParameterSpec {
  /**
   * The reference's `state_dict` name. Parameters that share one are consecutive blocks of rows (or columns) of that
   * tensor, in the order of their declaration.
   */
  name: string;
  /** What the parameters of that name are blocks of; rows by default. */
  blocks?: 'columns';
  shape: Shape;
  init: Init;
  /** Shape in files, when it differs. */
  fileShape?: Shape;
  /** In files the last two axes are swapped: a convolution weight is (O, E, c) there and (O, c, E) here. */
  tapMajor?: boolean;
}

export interface Parameter extends ParameterSpec {
  tensor: Tensor;
  segment: number;
  /** Byte offset inside each slab of the segment. */
  offset: number;
}

/** Weights, gradients and both Adam moments of some parameters: four slabs with one layout. */
export interface Segment {
  weights: Slab;
  gradients: Slab;
  firstMoments: Slab;
  secondMoments: Slab;
  bytes: number;
}

/**
 * All parameters of a model, flat in as few segments as the adapter's largest binding allows, so that clipping and Adam
 * take a handful of dispatches whatever the model.
 */
export class ParameterStore {
  readonly parameters: Parameter[] = [];
  readonly segments: Segment[] = [];
  private readonly maxSegmentBytes: number;

  /** @param maxSegmentBytes the adapter's largest buffer and binding; the WebGPU baseline when there is no adapter yet */
  constructor(maxSegmentBytes = 128 * 2 ** 20) {
    this.maxSegmentBytes = Math.floor(maxSegmentBytes / ALIGNMENT) * ALIGNMENT;
  }

  /** Number of scalars, without padding. */
  get count(): number {
    return this.parameters.reduce((sum, { tensor }) => sum + bytesOf(tensor.shape) / 4, 0);
  }

  /** How many rows of a parameter that is too large for one binding go into each of as few, equal blocks as will do. */
  rowBlocks([rows, ...rest]: Shape): number[] {
    const fitting = Math.max(1, Math.floor(this.maxSegmentBytes / bytesOf([1, ...rest])));
    // Whole vectors of four, where that leaves any.
    const each = Math.ceil(rows / Math.ceil(rows / fitting));
    const even = Math.ceil(each / 4) * 4;
    const height = even <= fitting ? even : each;
    return Array.from({ length: Math.ceil(rows / height) }, (_, i) => Math.min(height, rows - i * height));
  }

  /** Adds a parameter; it has memory once the slabs are materialised. Throws when no binding could hold it. */
  declare(spec: ParameterSpec): Tensor {
    const bytes = aligned(bytesOf(spec.shape));
    if (bytes > this.maxSegmentBytes) {
      throw new Error(
        `${spec.name}: given ${bytes} bytes, needs at most ${this.maxSegmentBytes}, the largest binding of this adapter`,
      );
    }
    let segment = this.segments.at(-1);
    if (!segment || segment.bytes + bytes > this.maxSegmentBytes) {
      segment = makeSegment(this.segments.length);
      this.segments.push(segment);
    }
    const offset = segment.bytes;
    segment.bytes += bytes;
    for (const slab of slabsOf(segment)) slab.bytes = segment.bytes;
    const gradient = slabTensor(`d ${spec.name}`, spec.shape, segment.gradients, offset);
    const tensor = slabTensor(spec.name, spec.shape, segment.weights, offset, { gradient });
    this.parameters.push({ ...spec, tensor, segment: this.segments.length - 1, offset });
    return tensor;
  }
}

export function slabsOf(segment: Segment): Slab[] {
  return [segment.weights, segment.gradients, segment.firstMoments, segment.secondMoments];
}

function makeSegment(index: number): Segment {
  return {
    weights: declareSlab(`weights ${index}`, 0),
    gradients: declareSlab(`gradients ${index}`, 0),
    firstMoments: declareSlab(`first moments ${index}`, 0),
    secondMoments: declareSlab(`second moments ${index}`, 0),
    bytes: 0,
  };
}
