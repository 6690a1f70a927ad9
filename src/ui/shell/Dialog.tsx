import { useEffect, useId, useRef } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { Icon } from '../Icon.tsx';

interface DialogProps {
  title: string;
  /** Mount it to open it; after this it is to be unmounted. The browser has put the focus back where it was. */
  onClose(): void;
  children: ReactNode;
}

/** A modal dialog of the browser's own: Escape, its button, or a press beside it close it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null || element.open) return;
    element.showModal();
    // Not the button that closes it, which would come first.
    element.querySelector<HTMLElement>('[data-first]')?.focus();
  }, []);
  const close = (): void => dialog.current?.close();
  const onClick = (event: MouseEvent): void => {
    // The dialog's own padding is none: what is hit directly is the backdrop.
    if (event.target === dialog.current) close();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- Escape is the key for it.
    <dialog ref={dialog} className="dialog" aria-labelledby={titleId} onClose={onClose} onClick={onClick}>
      <div className="dialog-body">
        <div className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="button quiet icon-only small" aria-label="Close" onClick={close}>
            <Icon name="remove" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
