import { someNormal, type KernelProbe, type Tensors } from '../../model/probe-recording.ts';
import { HYPER_LENGTH, writeHyper } from '../../optim/hyper.ts';
import { FIRST_LOSS_SCALE, LOSS_SCALE_GROWTH } from '../../optim/loss-scale.ts';
import { MASK, MASK_BLOCK, OPTIMIZER_STATE, OPTIMIZER_STATE_LENGTH } from '../../optim/state.ts';
import { recordUpdate, type Segment } from '../../optim/update.ts';
import type { EagerSession } from '../../tensor/eager.ts';

/** One update of parameters in two segments, of which the first leaves several sums of squares. */
export const UPDATE_PROBE: KernelProbe = { of: ' in updates', record: recordProbe };

const SEGMENTS = [450 * MASK_BLOCK, 33 * MASK_BLOCK];
/** The norm of the gradients is far above the clip. */
const VALUES = { learningRate: 0.1, clip: 10, weightDecay: 0.1, ceWeight: 1, reconWeight: 1, arWeight: 1 };
const ADAM = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };

/** Where activations are f16, gradients are scaled, and the update takes that out again: the same results. */
function recordProbe(session: EagerSession): Tensors {
  const isScaled = session.graph.activations !== 'f32';
  const scale = isScaled ? FIRST_LOSS_SCALE : 0;
  const segments = SEGMENTS.map((count, i) => segmentOf(session, count, i, 2 ** scale));
  const hyper = new Float32Array(HYPER_LENGTH);
  writeHyper(hyper, VALUES);
  const state = new Uint32Array(OPTIMIZER_STATE_LENGTH);
  state[OPTIMIZER_STATE.lossScale] = scale;
  const record = session.constant([3], [1, 0, 0]);
  recordUpdate(session.graph, {
    segments,
    hyper: session.constant([HYPER_LENGTH], hyper),
    state: session.constant([OPTIMIZER_STATE_LENGTH], state),
    record,
    options: ADAM,
    indices: { firstLoss: 0, lossCount: 1, gradientNorm: 1, notFinite: 2 },
    ...(isScaled && { scaling: { growth: LOSS_SCALE_GROWTH } }),
  });
  const results = segments.map(
    ({ weights, m, v }, i) =>
      [
        [`weights${i}`, weights],
        [`m${i}`, m],
        [`v${i}`, v],
      ] as const,
  );
  return { record, ...Object.fromEntries(results.flat()) };
}

function segmentOf(session: EagerSession, count: number, i: number, scale: number): Segment {
  const shape = [count];
  const blocks = count / MASK_BLOCK;
  // All that there is, in turn: no gradient, one, and one that decays.
  const mask = Uint32Array.from(
    { length: blocks },
    (_, block) => [0, MASK.hasGradient, MASK.hasGradient | MASK.decays][block % 3],
  );
  return {
    weights: session.constant(shape, someNormal(`weights${i}`, shape)),
    gradients: session.constant(
      shape,
      someNormal(`gradients${i}`, shape).map((value) => scale * value),
    ),
    m: session.constant(shape, new Float32Array(count)),
    v: session.constant(shape, new Float32Array(count)),
    mask: session.constant([blocks], mask),
  };
}
