import { useRun } from '../session.ts';
import { browserFacts, diagnostics } from './diagnostics.ts';

/** The diagnostics of this browser and its adapter, as they are now. */
export function useDiagnostics(): string {
  const adapter = useRun((state) => state.adapter);
  const kernels = useRun((state) => state.kernels);
  const phase = useRun((state) => state.phase);
  return diagnostics(browserFacts(), { adapter, kernels, phase });
}
