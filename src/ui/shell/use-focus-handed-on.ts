import { useLayoutEffect } from 'react';
import type { RefObject } from 'react';
import { PANEL_ID } from './panel-id.ts';

/** Of a box that goes when one of its buttons is pressed: the focus goes on to the open tab, and not to nothing. */
export function useFocusHandedOn(box: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = box.current;
    return () => {
      if (element?.contains(document.activeElement)) document.getElementById(PANEL_ID)?.focus({ preventScroll: true });
    };
  }, [box]);
}
