import type { Gpu } from '../../gpu/device.ts';
import { cosineLoss } from '../../ops/cosine-loss.ts';
import { loneLoss } from '../../ops/lone-loss.ts';
import { norm } from '../../ops/norm.ts';
import { EagerSession } from '../../tensor/eager.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { largest, type OpCase } from './op-case.ts';
import { TOLERANCES } from './report.ts';

/** RMSNorm with gamma, LayerNorm with weight and bias, and the cosine loss, as the attribute `kind` says. */
export async function checkNorm(gpu: Gpu, of: OpCase): Promise<void> {
  const { kind, eps } = of.attributes;
  if (kind === 'cosine_sim_loss') return checkCosine(gpu, of);
  if (kind !== 'rms' && kind !== 'layer')
    throw of.unknown(`kind "rms", "layer" and "cosine_sim_loss", not ${JSON.stringify(kind)}`);
  // A text says it in words.
  if (typeof eps === 'number') of.expectBuiltIn('eps', kind === 'layer' ? 1e-5 : 1e-12);
  const shape = of.shape('x');
  const channels = shape[shape.length - 1];
  const session = new EagerSession(gpu, { training: true });
  const values = of.floats('x');
  const x = session.variable([1, values.length / channels, channels], values);
  const gain = kind === 'rms' ? 'gamma' : 'weight';
  const weight = session.variable([channels], of.floats(gain));
  const bias = kind === 'layer' ? session.variable([channels], of.floats('bias')) : undefined;
  const y = norm({ x, kind, weight, bias, shift: 0 });
  const dout = of.floats('dout');
  session.graph.seedGradient(y, session.constant(y.shape, dout));
  session.graph.backward();
  const gradients: Record<string, Tensor> = { dx: x.gradient!, [`d${gain}`]: weight.gradient! };
  if (bias) gradients.dbias = bias.gradient!;
  const result: Record<string, ArrayLike<number>> = await session.run({ out: y, ...gradients });

  of.forward('out', { shape, values: result.out });
  // Of a single channel, the length has no gradient but for rounding.
  const rounding = 1e-2 * largest(dout);
  for (const key of Object.keys(gradients)) {
    of.gradient(key, { shape: key === 'dx' ? shape : [channels], values: result[key] }, rounding);
  }
}

/** 1 - mean cosine of equal rows of x and y; `dout` is the factor of its gradients. */
async function checkCosine(gpu: Gpu, of: OpCase): Promise<void> {
  const shape = of.shape('x');
  const session = new EagerSession(gpu, { training: true });
  const [x, y] = ['x', 'y'].map((key) => session.variable(of.shape(key), of.floats(key)));
  const out = cosineLoss({
    prediction: x,
    target: y,
    shift: 0,
    ...loneLoss(session, of.scalar('dout')),
  });
  session.graph.backward();
  const result = await session.run({ out, dx: x.gradient!, dy: y.gradient! });
  of.compare('losses', 'out', { shape: of.shape('out'), values: result.out }, TOLERANCES.losses);
  of.gradient('dx', { shape, values: result.dx });
  of.gradient('dy', { shape, values: result.dy });
}
