import type { EagerSession } from '../tensor/eager.ts';

/** Where a loss that stands alone takes its weight from and adds its value to: for checks, outside of a training step. */
export function loneLoss(session: EagerSession, weight = 1) {
  return {
    hyper: session.constant([1], [weight]),
    weightIndex: 0,
    record: session.constant([1], [0]),
    recordIndex: 0,
    recordScale: 1,
  };
}
