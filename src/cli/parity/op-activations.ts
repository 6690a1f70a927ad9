import type { Gpu } from '../../gpu/device.ts';
import { linear } from '../../ops/linear.ts';
import { EagerSession } from '../../tensor/eager.ts';
import type { OpCase } from './op-case.ts';

/**
 * Activations are fused into matrix products: one by 1 applies it, and another behind it multiplies by its derivative.
 * Which one is asked for is said by the case's name alone: "gelu...", "silu...".
 */
export async function checkActivation(gpu: Gpu, of: OpCase): Promise<void> {
  const activation = (['gelu', 'silu'] as const).find((name) => of.name.startsWith(name));
  if (!activation) throw of.unknown('gelu and silu');
  const shape = of.shape('x');
  const values = of.floats('x');
  const session = new EagerSession(gpu, { training: true });
  const x = session.variable([1, values.length, 1], values);
  const one = session.constant([1, 1], [1]);
  const out = linear({ x, weight: one, activation });
  const y = linear({ x: out, weight: one });
  session.graph.seedGradient(y, session.constant(y.shape, of.floats('dout')));
  session.graph.backward();
  const result = await session.run({ out, dx: x.gradient! });
  of.forward('out', { shape, values: result.out });
  of.gradient('dx', { shape, values: result.dx });
}
