import type { Session } from '../session.ts';

/** Something that a key does. A button that does the same is on the page, too. */
export interface Action {
  name: string;
  label: string;
  /** As `KeyboardEvent.key` has it without Shift for letters: `s`, `.`, ` `. */
  key: string;
  /** With Shift, for letters. */
  shift?: boolean;
  isEnabled(session: Session): boolean;
  perform(session: Session): void;
}

/** Where one types, or chooses by letters. */
export const TYPED =
  'input:not([type="checkbox"], [type="radio"], [type="range"]), textarea, select, [contenteditable]';

type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

const isLetter = (key: string): boolean => /^[a-z]$/i.test(key);

/** The action that a key press stands for. Which keys need Shift to be typed at all differs by keyboard. */
export function actionOf(actions: readonly Action[], press: Press): Action | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined;
  const letter = isLetter(press.key);
  const key = letter ? press.key.toLowerCase() : press.key;
  return actions.find((action) => action.key === key && (!letter || (action.shift ?? false) === press.shiftKey));
}

/** Whether it is typed like text, and so is no shortcut for who has switched those off. */
export function isCharacter({ key }: Pick<Action, 'key'>): boolean {
  return key.length === 1 && key !== ' ';
}

/** The keys to press, each by its name. */
export function keyNames({ key, shift }: Pick<Action, 'key' | 'shift'>): string[] {
  const name = key === ' ' ? 'Space' : isLetter(key) ? key.toUpperCase() : key;
  return shift ? ['Shift', name] : [name];
}
