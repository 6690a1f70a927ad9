import type { Control } from '../state/controls.ts';

/** Whether a setting is one that was searched for: words of its name or its help begin with all that was typed. */
export function isFound({ label, help, name }: Pick<Control, 'label' | 'help' | 'name'>, search: string): boolean {
  const text = spaced(`${label} ${name} ${help}`);
  return spaced(search)
    .trim()
    .split(' ')
    .every((word) => text.includes(` ${word}`));
}

/** Lower case words, a space before and after each. */
function spaced(text: string): string {
  return ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
}
