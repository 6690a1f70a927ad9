import { useRef } from 'react';
import type { ComponentProps } from 'react';
import { useFocusHandedOn } from './use-focus-handed-on.ts';

/** A button that goes when it is pressed, from a place that stays. */
export function PassingButton(props: Omit<ComponentProps<'button'>, 'ref' | 'type'>) {
  const button = useRef<HTMLButtonElement>(null);
  useFocusHandedOn(button);
  return <button {...props} ref={button} type="button" />;
}
