import { useEffect } from 'react';
import { useSession } from '../session.ts';
import { actionOf, isCharacter, TYPED } from '../shell/action.ts';
import type { Action } from '../shell/action.ts';

/** What Space presses. */
const PRESSED = 'button, a, summary, input';

/** Keys do what they stand for, among the actions that the page has: anywhere but in a dialog, where one types, or on a control that has the key itself. */
export function useShortcuts(actions: readonly Action[]): void {
  const session = useSession();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const action = actionOf(actions, event);
      if (action === undefined || event.repeat || event.defaultPrevented) return;
      if (isCharacter(action) && !session.shell.getState().shortcuts) return;
      const { target } = event;
      if (target instanceof Element && target.closest(event.key === ' ' ? `${TYPED}, ${PRESSED}` : TYPED) !== null)
        return;
      if (document.querySelector('dialog[open]') !== null || !action.isEnabled(session)) return;
      event.preventDefault();
      action.perform(session);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [session, actions]);
}
