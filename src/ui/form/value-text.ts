import type { Control } from '../state/controls.ts';

/** A value of a setting as it stands within a sentence, where its field has a word of its own for it. */
export function valueText({ kind }: Pick<Control, 'kind'>, value: string): string {
  return kind === 'window' && value === 'f' ? 'full' : value;
}
