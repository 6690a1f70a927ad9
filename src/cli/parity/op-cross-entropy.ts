import type { Gpu } from '../../gpu/device.ts';
import { crossEntropy } from '../../ops/cross-entropy.ts';
import { loneLoss } from '../../ops/lone-loss.ts';
import { EagerSession } from '../../tensor/eager.ts';
import { swapLast, type OpCase } from './op-case.ts';
import { TOLERANCES } from './report.ts';

/** Mean cross entropy of logits (b, V, n) and labels (b, n). The labels are the ids: every position is its own target. */
export async function checkCrossEntropy(gpu: Gpu, of: OpCase): Promise<void> {
  of.expectBuiltIn('layout', 'logits (b, V, n), labels (b, n)');
  const shape = of.shape('logits');
  const [batch, classes, length] = shape;
  const labels = of.ids('labels');
  const ignored = of.number('ignore_index', -1);
  const session = new EagerSession(gpu, { training: true });
  const rowLosses = session.graph.temporary('row losses', [batch, length]);
  const common = {
    ids: session.constant(of.shape('labels'), labels),
    ...loneLoss(session, of.scalar('dout')),
    classes,
    slots: 1,
    stride: 1,
    offset: 0,
    inputLength: length,
    ignoreIndex: ignored < 0 ? null : ignored,
  };
  const logits = session.variable([batch, length, classes], swapLast(of.floats('logits'), shape));
  const loss = crossEntropy({ ...common, logits });
  // Equal logits: each row that counts costs log(V).
  const flat = session.constant(logits.shape, new Float32Array(batch * length * classes));
  crossEntropy({ ...common, logits: flat, rowLosses });
  session.graph.backward();
  const result = await session.run({ loss, dlogits: logits.gradient!, rowLosses });

  const counted = Array.from(result.rowLosses).filter((value) => value > 0).length;
  if ('counted' in of.attributes && classes > 1) {
    of.check('exact', 'counted', Math.abs(counted - of.number('counted')), TOLERANCES.exact);
  }
  if (counted === 0 && Number.isNaN(of.scalar('loss'))) {
    // Where no label counts the reference divides 0 by 0; here the loss is 0.
    of.check('losses', 'loss', Math.abs(result.loss[0]), TOLERANCES.exact);
  } else {
    of.compare('losses', 'loss', { shape: of.shape('loss'), values: result.loss }, TOLERANCES.losses);
  }
  of.gradient('dlogits', { shape, values: swapLast(result.dlogits, logits.shape) });
}
