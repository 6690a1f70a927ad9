import type { Control } from '../state/controls.ts';
import { synonyms } from './synonyms.ts';

/** What the search reads of a setting. */
type Findable = Pick<Control, 'label' | 'help' | 'name' | 'key'>;

/**
 * Whether a setting is one that was searched for: words of its name, its key in links, its help, or of what it is called
 * elsewhere begin with all that was typed.
 */
export function isFound({ label, help, name, key }: Findable, search: string): boolean {
  const setting = name.replace(/^.*\./, '');
  const text = spaced(`${label} ${name} ${apart(name)} ${key} ${synonyms[setting] ?? ''} ${help}`);
  return spaced(apart(search))
    .trim()
    .split(' ')
    .every((word) => text.includes(` ${word}`));
}

/** `contextLength` as two words. */
function apart(text: string): string {
  return text.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ');
}

/** Lower case words, a space before and after each. */
function spaced(text: string): string {
  return ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
}
