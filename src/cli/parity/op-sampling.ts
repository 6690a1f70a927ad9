import type { Gpu } from '../../gpu/device.ts';
import { gumbel, sampleToken, topKFilter, topKFromThreshold } from '../../model/sampling.ts';
import type { OpCase } from './op-case.ts';
import { TOLERANCES } from './report.ts';

/** Top-k filter and Gumbel sampling of logits (rows, V), with the uniform numbers given. Runs on the host. */
export async function checkSampling(_gpu: Gpu, of: OpCase): Promise<void> {
  const shape = of.shape('logits');
  const [rows, classes] = shape;
  const temperature = of.number('temperature');
  const topK = topKFromThreshold(classes, of.number('thres'));
  if ('k' in of.attributes) of.check('exact', 'k', Math.abs(topK - of.number('k')), TOLERANCES.exact);
  const uniform = of.floats('uniform');
  const logits = of.floats('logits');
  const rowsOfLogits = Array.from({ length: rows }, (_, row) => logits.subarray(row * classes, (row + 1) * classes));
  const filtered = rowsOfLogits.flatMap((row) => [...topKFilter(row, topK)]);
  const sample = rowsOfLogits.map((row, r) =>
    sampleToken(row, { temperature, topK, uniform: (i) => uniform[r * classes + i] }),
  );
  if (of.has('filtered')) of.exact('filtered', { shape, values: filtered });
  if (of.has('noise')) of.forward('noise', { shape, values: uniform.map(gumbel) });
  of.exact('sample', { shape: [rows], values: sample });
}
