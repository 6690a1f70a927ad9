import type { Gpu } from '../../gpu/device.ts';
import { concat } from '../../ops/concat.ts';
import { loneLoss } from '../../ops/lone-loss.ts';
import { crossEntropy } from '../../ops/cross-entropy.ts';
import { norm } from '../../ops/norm.ts';
import { EagerSession } from '../../tensor/eager.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import type { OpCase } from './op-case.ts';

/** Where things lie: token shift, alone and inside the axial layout, concatenation over strides, targets of slots. */
export async function checkLayout(gpu: Gpu, of: OpCase): Promise<void> {
  if (of.has('x0')) return checkConcat(gpu, of);
  if (of.has('recon') || of.has('prophet')) return checkTargets(gpu, of);
  if (of.has('back')) return checkAxial(gpu, of);
  if (!of.has('x') || !of.has('out'))
    throw of.unknown('token shift (x, out), axial (back), concatenation (x0), targets (recon)');
  const shape = of.shape('x');
  of.forward('out', { shape, values: await shifted(gpu, of.floats('x'), shape, of.number('shift', 1)) });
}

/**
 * Token shift through the op that contains it: RMSNorm divides rows that are shorter than 1e-12 by that, whatever their
 * length, so that of such rows the op is the shift, times a known number.
 */
async function shifted(
  gpu: Gpu,
  x: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  shift: number,
): Promise<ArrayLike<number>> {
  const channels = shape[2];
  const length = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0)) || 1;
  const factor = 2 ** Math.floor(Math.log2(1e-13 / length));
  const gain = 1e-12 / (factor * Math.sqrt(channels));
  const session = new EagerSession(gpu);
  const y = norm({
    x: session.constant(
      shape,
      x.map((value) => value * factor),
    ),
    kind: 'rms',
    weight: session.constant([channels], new Float32Array(channels).fill(gain)),
    shift,
  });
  return (await session.run({ y })).y;
}

/** The reference folds (b, n a, d) to (b a, n, d), shifts there and folds back; here the shift is by a rows. */
async function checkAxial(gpu: Gpu, of: OpCase): Promise<void> {
  const axial = of.number('axial');
  const shape = of.shape('x');
  const [batch, length, channels] = shape;
  const x = of.floats('x');
  of.forward('back', { shape, values: await shifted(gpu, x, shape, axial) });

  const rows = Math.ceil(length / axial);
  const paddedShape = [batch, rows * axial, channels];
  const padded = new Float32Array(sizeOf(paddedShape));
  for (let b = 0; b < batch; b++) {
    padded.set(x.subarray(b * length * channels, (b + 1) * length * channels), b * rows * axial * channels);
  }
  const folded = { shape: [batch * axial, rows, channels] };
  const fold = (values: ArrayLike<number>): Float32Array =>
    Float32Array.from(padded, (_, i) => {
      const [sequence, row] = [Math.floor(i / (rows * channels)), Math.floor(i / channels) % rows];
      const t = row * axial + (sequence % axial);
      return values[(Math.floor(sequence / axial) * rows * axial + t) * channels + (i % channels)];
    });
  if (of.has('axial')) of.exact('axial', { ...folded, values: fold(padded) });
  if (of.has('shifted'))
    of.forward('shifted', { ...folded, values: fold(await shifted(gpu, padded, paddedShape, axial)) });
}

/** Sequences x0, x1, ... of several strides side by side, as long as the shortest. */
async function checkConcat(gpu: Gpu, of: OpCase): Promise<void> {
  const strides = of.attributes.strides;
  if (!Array.isArray(strides) || !strides.every((stride) => typeof stride === 'number')) {
    throw new Error(`strides: given ${JSON.stringify(strides)}, needs a list of numbers`);
  }
  const session = new EagerSession(gpu);
  const parts = strides.map((_, i) => session.constant(of.shape(`x${i}`), of.floats(`x${i}`)));
  const length = Math.min(...parts.map(({ shape }, i) => shape[1] * strides[i]));
  const y = concat({ parts, strides, length });
  const { out } = await session.run({ out: y });
  of.exact('out', { shape: y.shape, values: out });
}

/**
 * The target of every slot (b, c, L), 0 where there is none or where it is 0, read from the gradient of equal logits:
 * negative at the target alone, zero in rows that do not count.
 */
async function checkTargets(gpu: Gpu, of: OpCase): Promise<void> {
  const [batch, length] = of.shape('ids');
  const slots = of.number('c');
  const stride = of.number('stride', 1);
  const ids = of.ids('ids');
  const classes = Math.max(1, ...ids) + 1;
  const positions = Math.ceil(length / stride);
  // Reconstruction looks back from the newest byte of a token; the earlier version's loss looked ahead of it.
  for (const [key, offset] of [
    ['recon', 1 - slots],
    ['prophet', 1],
  ] as const) {
    if (!of.has(key)) continue;
    const session = new EagerSession(gpu, { training: true });
    const shape = [batch, positions, slots * classes];
    const logits = session.variable(shape, new Float32Array(sizeOf(shape)));
    crossEntropy({
      logits,
      ids: session.constant([batch, length], ids),
      ...loneLoss(session),
      classes,
      slots,
      stride,
      offset,
      inputLength: length,
      ignoreIndex: 0,
    });
    session.graph.backward();
    const { gradient } = await session.run({ gradient: logits.gradient! });
    const targets = Uint32Array.from({ length: batch * slots * positions }, (_, i) => {
      const [b, slot, j] = [Math.floor(i / (slots * positions)), Math.floor(i / positions) % slots, i % positions];
      const row = ((b * positions + j) * slots + slot) * classes;
      return Math.max(
        0,
        gradient.subarray(row, row + classes).findIndex((slope) => slope < 0),
      );
    });
    of.exact(key, { shape: [batch, slots, positions], values: targets });
  }
}
