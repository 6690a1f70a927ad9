import type { Gpu } from '../../gpu/device.ts';
import { depthwiseConv } from '../../ops/depthwise-conv.ts';
import { linear } from '../../ops/linear.ts';
import { stridedConv } from '../../ops/strided-conv.ts';
import { EagerSession } from '../../tensor/eager.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { swapLast, type OpCase } from './op-case.ts';

/** Causal convolutions, dense or depthwise, with x (b, c, n) and w (out, in, k); and the whole compressor. */
export async function checkConv(gpu: Gpu, of: OpCase): Promise<void> {
  if (of.has('w1')) return checkCompressor(gpu, of);
  if (!of.has('w')) throw of.unknown('convolutions with w, compressors with w1 and w2');
  of.expectBuiltIn('layout', 'x (b, c, n); w (out, in, k)');
  const channels = of.shape('x')[1];
  const [outputs, inputs] = of.shape('w');
  if (inputs === channels) return checkConvolution(gpu, of, denseConvolution);
  if (inputs === 1 && outputs === channels) return checkConvolution(gpu, of, depthwiseConvolution);
  throw of.unknown(`w (out, ${channels}, k) or (${channels}, 1, k) for x of ${channels} channels`);
}

/** What a convolution is called with, and how its weight's gradient goes back into the file's layout. */
interface Convolution {
  (session: EagerSession, of: OpCase, x: Tensor, bias: Tensor): { y: Tensor; weight: WeightInFile };
}

interface WeightInFile {
  tensor: Tensor;
  inFile: (gradient: ArrayLike<number>) => Float32Array;
}

async function checkConvolution(gpu: Gpu, of: OpCase, convolution: Convolution): Promise<void> {
  const [batch, channels, length] = of.shape('x');
  const outputs = of.shape('w')[0];
  const session = new EagerSession(gpu, { training: true });
  const x = session.variable([batch, length, channels], swapLast(of.floats('x'), of.shape('x')));
  const bias = session.variable([outputs], of.has('b') ? of.floats('b') : new Float32Array(outputs));
  const { y, weight } = convolution(session, of, x, bias);
  const dout = swapLast(of.floats('dout'), of.shape('dout'));
  session.graph.seedGradient(y, session.constant(y.shape, dout));
  session.graph.backward();
  const result = await session.run({ y, dx: x.gradient!, dw: weight.tensor.gradient!, db: bias.gradient! });

  of.forward('out', { shape: [batch, outputs, y.shape[1]], values: swapLast(result.y, y.shape) });
  of.gradient('dx', { shape: of.shape('x'), values: swapLast(result.dx, x.shape) });
  of.gradient('dw', { shape: of.shape('w'), values: weight.inFile(result.dw) });
  if (of.has('b')) of.gradient('db', { shape: of.shape('b'), values: result.db });
}

function denseConvolution(...[session, of, x, bias]: Parameters<Convolution>): ReturnType<Convolution> {
  const stride = of.number('stride', 1);
  const weight = denseWeight(session, of, 'w', stride);
  return { y: stridedConv({ x, weight: weight.tensor, bias, stride }), weight };
}

function depthwiseConvolution(...[session, of, x, bias]: Parameters<Convolution>): ReturnType<Convolution> {
  const [channels, , taps] = of.shape('w');
  const tensor = session.variable([channels, taps], of.floats('w'));
  const y = depthwiseConv({ x, weight: tensor, bias, stride: of.number('stride', 1) });
  return { y, weight: { tensor, inFile: (gradient) => Float32Array.from(gradient) } };
}

/**
 * A weight (out, in, k), tap-major. The op needs a stride that divides the taps: zeros before the oldest change nothing.
 */
function denseWeight(session: EagerSession, of: OpCase, key: string, stride: number): WeightInFile {
  const [outputs, inputs, taps] = of.shape(key);
  const padding = (stride - (taps % stride)) % stride;
  const padded = [outputs, inputs, padding + taps];
  const values = new Float32Array(outputs * inputs * padded[2]);
  of.floats(key).forEach((value, i) => {
    values[Math.floor(i / taps) * padded[2] + padding + (i % taps)] = value;
  });
  const tensor = session.variable([outputs, padded[2], inputs], swapLast(values, padded));
  return {
    tensor,
    inFile: (gradient) => swapLast(gradient, tensor.shape).filter((_, i) => i % padded[2] >= padding),
  };
}

/** Convolution, SiLU, projection; x and out are (b, n, d). */
async function checkCompressor(gpu: Gpu, of: OpCase): Promise<void> {
  const [width, inner] = of.shape('w2');
  const stride = of.number('stride');
  const session = new EagerSession(gpu, { training: true });
  const variable = (key: string): Tensor => session.variable(of.shape(key), of.floats(key));
  const [x, b1, b2] = ['x', 'b1', 'b2'].map(variable);
  const w1 = denseWeight(session, of, 'w1', stride);
  const w2 = session.variable([width, inner], of.floats('w2'));
  const hidden = stridedConv({ x, weight: w1.tensor, bias: b1, stride, activation: 'silu' });
  const y = linear({ x: hidden, weight: w2, bias: b2 });
  session.graph.seedGradient(y, session.constant(y.shape, of.floats('dout')));
  session.graph.backward();
  const gradients = {
    dx: x.gradient!,
    dw1: w1.tensor.gradient!,
    db1: b1.gradient!,
    dw2: w2.gradient!,
    db2: b2.gradient!,
  };
  const result = await session.run({ y, ...gradients });

  of.forward('out', { shape: y.shape, values: result.y });
  of.gradient('dw1', { shape: of.shape('w1'), values: w1.inFile(result.dw1) });
  for (const key of ['x', 'b1', 'w2', 'b2'] as const) {
    of.gradient(`d${key}`, { shape: of.shape(key), values: result[`d${key}`] });
  }
}
