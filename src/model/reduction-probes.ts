import { concat } from '../ops/concat.ts';
import { cosineLoss } from '../ops/cosine-loss.ts';
import { crossEntropy } from '../ops/cross-entropy.ts';
import { embedding } from '../ops/embedding.ts';
import { loneLoss } from '../ops/lone-loss.ts';
import { norm } from '../ops/norm.ts';
import type { EagerSession } from '../tensor/eager.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { activation, gradientsOf, variable, withGradients, type KernelProbe, type Tensors } from './probe-recording.ts';

/** All ops of a model that get other code where invocations share sums, but for losses of logits. */
export const REDUCTION_PROBES: readonly KernelProbe[] = [
  { of: '', record: recordNorms },
  { of: ' in merges', record: recordMerge },
  { of: ' in cosines', record: recordCosineLoss },
  { of: ' in gradients of embeddings', record: recordEmbedding },
];

/** So wide that a row has as many lanes as there can be: more than a subgroup. */
const ROWS = { rows: 21, channels: 600 };
/** More parts than one dispatch takes, of which the first ones together are as wide. */
const MERGE = { batch: 2, length: 13, channels: [300, 100, 61, 50, 40], strides: [1, 2, 3, 5, 13] };
/** So many pairs that their sums are left for more lanes than one adds up. */
const COSINE = { batch: 2, tokens: 150, channels: 43, shift: 1 };
/** Of the size that makes gradients about 1. */
const COSINE_WEIGHT = 1024;
/** Sequences are longer than a workgroup has lanes; most of their ids are the same, one is past the end of the table. */
const EMBEDDING = { batch: 2, length: 300, pitch: 301, vocabulary: 11, channels: 43 };
const LOSS = { rows: 19, classes: 250 };

function recordNorms(session: EagerSession): Tensors {
  const { rows, channels } = ROWS;
  const x = activation(session, 'x', [1, rows, channels]);
  const weight = variable(session, 'weight', [channels]);
  const bias = variable(session, 'bias', [channels]);
  const rms = norm({ x, kind: 'rms', weight, shift: 1 });
  const layer = norm({ x, kind: 'layer', weight, bias, shift: 1 });
  return withGradients(session, { rms, layer }, { x, weight, bias });
}

function recordMerge(session: EagerSession): Tensors {
  const { batch, length, channels, strides } = MERGE;
  const parts = channels.map((width, i) =>
    activation(session, `part${i}`, [batch, Math.ceil(length / strides[i]), width]),
  );
  const weight = variable(session, 'weight', [channels.reduce((sum, width) => sum + width, 0)]);
  const y = concat({ parts, strides, length, weight });
  return withGradients(session, { y }, { ...Object.fromEntries(parts.map((part, i) => [`part${i}`, part])), weight });
}

function recordCosineLoss(session: EagerSession): Tensors {
  const { batch, tokens, channels, shift } = COSINE;
  const prediction = activation(session, 'prediction', [batch, tokens, channels]);
  const target = activation(session, 'target', [batch, tokens, channels]);
  const lone = loneLoss(session, COSINE_WEIGHT);
  const loss = cosineLoss({ prediction, target, shift, ...lone });
  session.graph.backward();
  return { loss, record: lone.record, ...gradientsOf({ prediction, target }) };
}

function recordEmbedding(session: EagerSession): Tensors {
  const { batch, length, pitch, vocabulary, channels } = EMBEDDING;
  const weight = variable(session, 'weight', [vocabulary, channels]);
  const ids = idsOf(session, batch, pitch, (i) => (i % 3 === 0 ? i % (vocabulary + 1) : 4));
  return withGradients(session, { y: embedding({ weight, ids, length }) }, { weight });
}

export function recordCrossEntropy(session: EagerSession): Tensors {
  const { rows, classes } = LOSS;
  // Its memory becomes the gradient's.
  const logits = { ...variable(session, 'logits', [1, rows, classes]), gradient: null };
  const loss = crossEntropy({
    logits,
    ids: idsOf(session, 1, rows, (i) => (i * 37) % classes),
    ...loneLoss(session),
    classes,
    slots: 1,
    stride: 1,
    offset: 0,
    inputLength: rows,
    ignoreIndex: null,
  });
  session.graph.backward();
  return { loss, dlogits: logits };
}

function idsOf(session: EagerSession, batch: number, pitch: number, idAt: (i: number) => number): Tensor {
  return session.constant(
    [batch, pitch],
    Uint32Array.from({ length: batch * pitch }, (_, i) => idAt(i)),
  );
}
