import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { useFocusHandedOn } from '../shell/use-focus-handed-on.ts';

interface NoticeProps {
  id?: string;
  /** Something to know (`plain`), to heed (`warn`), or that is in the way (`bad`, which is read out at once). */
  tone: 'plain' | 'warn' | 'bad';
  title: string;
  /** Title and text in one paragraph. */
  short?: boolean;
  /** Whether it is what the visitor has just asked for, and waits for with the focus elsewhere. */
  asked?: boolean;
  children: ReactNode;
}

/** A box with a title. */
export function Notice({ id, tone, title, short, asked = false, children }: NoticeProps) {
  const box = useRef<HTMLElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (asked) box.current?.focus();
  }, [asked]);
  useFocusHandedOn(box);
  return (
    <section
      ref={box}
      id={id}
      className="notice"
      data-tone={tone}
      data-short={short}
      role={tone === 'bad' ? 'alert' : 'note'}
      aria-labelledby={titleId}
      tabIndex={-1}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </section>
  );
}
