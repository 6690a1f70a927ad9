import type { Control } from '../state/controls.ts';

/** Whether a setting is one that was searched for: its name or its help has all the words, in any order. */
export function isFound({ label, help, name }: Pick<Control, 'label' | 'help' | 'name'>, search: string): boolean {
  const text = `${label} ${name} ${help}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
