import { useEffect } from 'react';
import { useSession } from '../session.ts';

/** Where one types. */
const TEXT = 'input, textarea, select, [contenteditable]';
/** What Space presses. */
const PRESSED = 'button, a, summary';

/** Space trains and pauses, `.` makes one step: anywhere but where one types or has a control in hand. */
export function useShortcuts(): void {
  const { controller } = useSession();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (target instanceof Element && target.closest(event.key === ' ' ? `${TEXT}, ${PRESSED}` : TEXT) !== null)
        return;
      if (event.key === ' ') controller.toggle();
      else if (event.key === '.') controller.step();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [controller]);
}
