import { useRun } from '../session.ts';
import { diagnostics } from './diagnostics.ts';

/** The diagnostics of this browser and its adapter, as they are now. */
export function useDiagnostics(): string {
  const adapter = useRun((state) => state.adapter);
  const kernels = useRun((state) => state.kernels);
  const phase = useRun((state) => state.phase);
  const { userAgent, hardwareConcurrency } = navigator;
  return diagnostics(
    { userAgent, hardwareConcurrency, isSecureContext, devicePixelRatio },
    { adapter, kernels, phase },
  );
}
