import { useEffect, useEffectEvent } from 'react';
import type { RefObject } from 'react';
import { useSession } from '../session.ts';
import { TYPED } from '../shell/action.ts';

/** What has arrow keys of its own. */
const HAS_ARROWS = 'input, select, textarea, [contenteditable], .table-scroll';

/**
 * Hands key presses to `press`, which says whether it took one: letters from anywhere on the page, unless single
 * characters are switched off; arrows and all the rest only from inside of `panels`.
 */
export function useAttentionKeys(panels: RefObject<Element | null>, press: (event: KeyboardEvent) => boolean): void {
  const { shell } = useSession();
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !(target instanceof Element))
      return;
    if (document.querySelector('dialog[open], :popover-open') !== null) return;
    const letter = key.length === 1;
    if (target.closest(letter ? TYPED : HAS_ARROWS) !== null) return;
    const inside = panels.current?.contains(target) === true;
    const onMap = target.closest('[role="application"]') !== null;
    if (letter ? !onMap && !shell.getState().shortcuts : !inside && key !== 'Escape') return;
    if (press(event)) event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKeyDown(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
