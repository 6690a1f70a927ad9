import { attention } from '../ops/attention.ts';
import { crossEntropy } from '../ops/cross-entropy.ts';
import { linear } from '../ops/linear.ts';
import { norm } from '../ops/norm.ts';
import { rotaryShape, rotaryTable } from '../ops/rotary-table.ts';
import { fillNormal } from '../random/fill.ts';
import type { EagerSession } from '../tensor/eager.ts';
import { sizeOf, type Shape, type Tensor } from '../tensor/tensor.ts';

/** Records an op with its backward pass on random numbers, the same ones each time. Returns everything that it computes. */
export type KernelProbe = (session: EagerSession) => Record<string, Tensor>;

/** Several tiles of any size, the last ones ragged, and a sum over rows in two parts. */
const PRODUCT = { rows: 140, inputs: 52, outputs: 132 };
const ATTENTION = { tokens: 45, heads: 2, dimHead: 32, window: 20, dilation: 1 };
const NORM = { rows: 21, channels: 72 };
const LOSS = { rows: 19, classes: 250 };

/** An op for each kind of kernel that an adapter may get a variant of. */
export const kernelProbes = {
  matmul: (session) => {
    const { rows, inputs, outputs } = PRODUCT;
    const x = variable(session, 'x', [1, rows, inputs]);
    const weight = variable(session, 'weight', [outputs, inputs]);
    const bias = variable(session, 'bias', [outputs]);
    return withGradients(session, linear({ x, weight, bias }), { x, weight, bias });
  },
  attention: (session) => {
    const { tokens, heads, dimHead } = ATTENTION;
    const qkv = variable(session, 'qkv', [1, tokens, 3 * heads * dimHead]);
    const table = session.constant(rotaryShape(tokens, dimHead), rotaryTable(tokens, dimHead, { xpos: false }));
    return withGradients(session, attention({ ...ATTENTION, qkv, table }), { qkv });
  },
  reductions: (session) => {
    const { rows, channels } = NORM;
    const x = variable(session, 'x', [1, rows, channels]);
    const weight = variable(session, 'weight', [channels]);
    return withGradients(session, norm({ x, kind: 'rms', weight, shift: 1 }), { x, weight });
  },
  lossLanes: (session) => {
    const { rows, classes } = LOSS;
    // Its memory becomes the gradient's.
    const logits = { ...variable(session, 'logits', [1, rows, classes]), gradient: null };
    const loss = crossEntropy({
      logits,
      ids: session.constant(
        [1, rows],
        Uint32Array.from({ length: rows }, (_, i) => (i * 37) % classes),
      ),
      hyper: session.constant([1], [1]),
      weightIndex: 0,
      record: session.constant([1], [0]),
      recordIndex: 0,
      recordScale: 1,
      classes,
      slots: 1,
      stride: 1,
      offset: 0,
      inputLength: rows,
      ignoreIndex: null,
    });
    session.graph.backward();
    return { loss, dlogits: logits };
  },
} satisfies Record<string, KernelProbe>;

function withGradients(session: EagerSession, y: Tensor, inputs: Record<string, Tensor>): Record<string, Tensor> {
  session.graph.seedGradient(y, session.constant(y.shape, someNormal('dy', y.shape)));
  session.graph.backward();
  const gradients = Object.entries(inputs).map(([name, { gradient }]) => [`d${name}`, gradient!] as const);
  return { y, ...Object.fromEntries(gradients) };
}

function variable(session: EagerSession, name: string, shape: Shape): Tensor {
  return session.variable(shape, someNormal(name, shape));
}

function someNormal(name: string, shape: Shape): Float32Array<ArrayBuffer> {
  const values = new Float32Array(sizeOf(shape));
  fillNormal(values, 0, 1, 0, name);
  return values;
}
