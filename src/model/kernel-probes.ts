import { attention } from '../ops/attention.ts';
import type { Activation } from '../ops/gemm.ts';
import { linear } from '../ops/linear.ts';
import { norm } from '../ops/norm.ts';
import { rotaryShape, rotaryTable } from '../ops/rotary-table.ts';
import { stridedConv } from '../ops/strided-conv.ts';
import type { EagerSession } from '../tensor/eager.ts';
import { aligned, bytesOf, slabOf, type Shape, type Tensor } from '../tensor/tensor.ts';
import type { KernelTraits } from './kernel-traits.ts';
import {
  activation,
  variable,
  withGradients,
  type KernelProbe,
  type Recording,
  type Tensors,
} from './probe-recording.ts';
import { recordCrossEntropy, REDUCTION_PROBES } from './reduction-probes.ts';

export type KernelKind =
  | 'matmul'
  | 'gradients'
  | 'activation'
  | 'derivative'
  | 'attention'
  | 'reductions'
  | 'lossLanes'
  | 'streams';

/** Ops for each kind of kernel that an adapter may get a variant of, in all the forms in which models of these traits need it. */
export function kernelProbes({ headWidths, aligned }: KernelTraits): Record<KernelKind, readonly KernelProbe[]> {
  const ragged = { of: ' for widths that are no multiples of four', record: recordProducts(RAGGED) };
  return {
    matmul: [{ of: '', record: recordProducts(ALIGNED) }, ...(aligned ? [] : [ragged])],
    gradients: [{ of: '', record: recordProduct }],
    activation: [{ of: '', record: recordFeedForward('gelu') }],
    derivative: [
      { of: ' with SiLU', record: recordFeedForward('silu') },
      { of: ' with GELU', record: recordFeedForward('gelu') },
    ],
    attention: headWidths.map((width) => ({ of: ` for heads of width ${width}`, record: recordAttention(width) })),
    reductions: REDUCTION_PROBES,
    lossLanes: [{ of: '', record: recordCrossEntropy }],
    streams: [{ of: '', record: recordStreams(headWidths[0]) }],
  };
}

interface Products {
  product: { rows: number; inputs: number; outputs: number };
  /** A compressor: rows that overlap and reach into zeros, an activation with its derivative, two items of a batch. */
  convolution: { inputs: number; hidden: number; outputs: number };
}

/** Several tiles of any size, the last ones ragged, and a sum over rows in parts; large enough for every kernel by quads. */
const ALIGNED: Products = {
  product: { rows: 268, inputs: 60, outputs: 252 },
  convolution: { inputs: 12, hidden: 36, outputs: 20 },
};
/** The same where rows cannot be read as vectors of four. */
const RAGGED: Products = {
  product: { rows: 268, inputs: 61, outputs: 251 },
  convolution: { inputs: 11, hidden: 37, outputs: 19 },
};
const CONVOLUTION = { batch: 2, tokens: 39, taps: 4, stride: 2 };
const FEED_FORWARD = { tokens: 39, width: 20, inner: 52 };
const ATTENTION = { tokens: 45, heads: 2, window: 20, dilation: 1 };
/** Two hierarchies: nothing of them is of equal size. */
const STREAMS = [
  { tokens: 39, width: 20, inner: 52, heads: 1 },
  { tokens: 21, width: 36, inner: 40, heads: 2 },
];
/** Numbers that there is room for: enough with heads of 128. */
const POOL = 2 ** 17;

function recordProducts({ product, convolution }: Products): Recording {
  return (session) => {
    const { y, of: operands } = productOf(session, product);
    const conv = { ...CONVOLUTION, ...convolution };
    const bytes = activation(session, 'bytes', [conv.batch, conv.tokens, conv.inputs]);
    const kernel = variable(session, 'kernel', [conv.hidden, conv.taps, conv.inputs]);
    const kernelBias = variable(session, 'kernelBias', [conv.hidden]);
    const hidden = stridedConv({ x: bytes, weight: kernel, bias: kernelBias, stride: conv.stride, activation: 'silu' });
    const project = variable(session, 'project', [conv.outputs, conv.hidden]);
    const compressed = linear({ x: hidden, weight: project });
    const of = { ...operands, bytes, kernel, kernelBias, project };
    return withGradients(session, { y, compressed }, of);
  };
}

function productOf(session: EagerSession, { rows, inputs, outputs }: Products['product']) {
  const x = activation(session, 'x', [1, rows, inputs]);
  const weight = variable(session, 'weight', [outputs, inputs]);
  const bias = variable(session, 'bias', [outputs]);
  return { y: linear({ x, weight, bias }), of: { x, weight, bias } };
}

function recordProduct(session: EagerSession): Tensors {
  const { y, of } = productOf(session, ALIGNED.product);
  return withGradients(session, { y }, of);
}

/**
 * Products as small as those of small models, and a residual. Input and weight of the first two are the same, so that gradients
 * are added. No compressor has GELU.
 */
function recordFeedForward(kind: Activation): Recording {
  return (session) => {
    const { tokens, width, inner } = FEED_FORWARD;
    const x = activation(session, 'x', [1, tokens, width]);
    const widen = variable(session, 'widen', [inner, width]);
    const narrow = variable(session, 'narrow', [width, inner]);
    const wide = linear({ x, weight: widen });
    const y = linear({ x: linear({ x, weight: widen, activation: kind }), weight: narrow, residual: x });
    return withGradients(session, { wide, y }, { x, widen, narrow });
  };
}

function recordAttention(dimHead: number): Recording {
  return (session) => {
    const { tokens, heads } = ATTENTION;
    const qkv = activation(session, 'qkv', [1, tokens, 3 * heads * dimHead]);
    const table = rotaryOf(session, tokens, dimHead);
    return withGradients(session, { y: attention({ ...ATTENTION, dimHead, qkv, table }) }, { qkv });
  };
}

/**
 * What hierarchies do side by side, with all inputs in one buffer and all gradients in another, as a model's parameters are. Where no
 * model attends, nothing here does.
 */
function recordStreams(dimHead: number | undefined): Recording {
  return (session) => {
    const pool = variable(session, 'pool', [POOL]);
    let taken = 0;
    const own = (...shape: number[]): Tensor => {
      const part = partOf(pool, taken, shape);
      taken += aligned(bytesOf(shape));
      return part;
    };
    // Of the longer one, which begins like the other's.
    const longest = Math.max(...STREAMS.map(({ tokens }) => tokens));
    const table = dimHead ? rotaryOf(session, longest, dimHead) : null;
    const results: Tensors = {};
    STREAMS.forEach(({ tokens, width, inner, heads }, i) => {
      const x = own(1, tokens, width);
      const normed = norm({ x, kind: 'layer', weight: own(width), bias: own(width), shift: 1 });
      const wide = linear({ x: normed, weight: own(inner, width), bias: own(inner), activation: 'gelu' });
      results[`y${i}`] = linear({ x: wide, weight: own(width, inner), residual: x });
      if (!dimHead || !table) return;
      const qkv = linear({ x, weight: own(3 * heads * dimHead, width) });
      results[`attended${i}`] = attention({ ...ATTENTION, heads, dimHead, qkv, table });
    });
    return withGradients(session, results, { pool });
  };
}

function rotaryOf(session: EagerSession, tokens: number, dimHead: number): Tensor {
  return session.constant(rotaryShape(tokens, dimHead), rotaryTable(tokens, dimHead, { xpos: false }));
}

/** Numbers of a variable from a byte on, with their gradients. */
function partOf(pool: Tensor, offset: number, shape: Shape): Tensor {
  const cut = (tensor: Tensor): Tensor => ({
    ...tensor,
    shape,
    storage: { kind: 'slab', slab: slabOf(tensor), offset },
  });
  return { ...cut(pool), gradient: cut(pool.gradient!) };
}
