import type { HierarchyConfig, ModelConfig } from './types.ts';

/**
 * The window a hierarchy really uses: one wider than floor(context / factor) becomes null, full attention, which also
 * has another norm and rotary embedding. A window that equals it stays local; 0 stays "no attention". The stride does
 * not count.
 */
export function effectiveWindow(
  model: Pick<ModelConfig, 'contextLength'>,
  hierarchy: Pick<HierarchyConfig, 'factor' | 'window'>,
): number | null {
  const { factor, window } = hierarchy;
  return window !== null && window > Math.floor(model.contextLength / factor) ? null : window;
}
