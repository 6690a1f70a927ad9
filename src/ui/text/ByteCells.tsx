import { Fragment, memo, useMemo, useRef, useState } from 'react';
import type { CSSProperties, KeyboardEvent, SyntheticEvent } from 'react';
import { cellAt, nextCell, wordsOf } from './cells.ts';
import type { Cell } from './cells.ts';

interface ByteCellsProps {
  label: string;
  cells: readonly Cell[];
  /** Byte that is chosen. */
  current: number | null;
  /** How a cell is spoken. */
  nameOf(cell: Cell): string;
  styleOf?(cell: Cell): CSSProperties | undefined;
  /** Bytes before this one stand back. */
  from?: number;
  /** The byte under pointer or focus. */
  onPreview?(byte: number | null): void;
  onPick(byte: number | null): void;
}

/** Bytes of any kind, each cell a button: Tab comes to one of them, arrows to the others. */
export function ByteCells({ label, cells, current, nameOf, styleOf, from = 0, onPreview, onPick }: ByteCellsProps) {
  const group = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState(0);
  const words = useMemo(() => wordsOf(cells), [cells]);
  const chosen = current === null ? -1 : cellAt(cells, current);
  const tabbable = Math.min(chosen < 0 ? focused : chosen, cells.length - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      onPick(null);
      onPreview?.(null);
      return;
    }
    const buttons = [...(group.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button === event.target);
    const next = nextCell(event, at, buttons);
    if (next === null) return;
    event.preventDefault();
    buttons[next].focus();
  };
  const preview = (event: SyntheticEvent): void => onPreview?.(byteOf(event));
  return (
    <div
      ref={group}
      className="byte-cells"
      role="group"
      aria-label={label}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const byte = byteOf(event);
        if (byte !== null) onPick(byte);
      }}
      onFocus={(event) => {
        const byte = byteOf(event);
        if (byte !== null) setFocused(cellAt(cells, byte));
        onPreview?.(byte);
      }}
      onBlur={() => onPreview?.(null)}
      onMouseOver={preview}
      onMouseLeave={() => onPreview?.(null)}
    >
      {words.map((word) => (
        <Fragment key={word[0].start}>
          <span className="byte-word">
            {word.map((cell) => (
              <CellButton
                key={cell.start}
                start={cell.start}
                label={cell.label}
                name={nameOf(cell)}
                style={styleOf?.(cell)}
                given={cell.start < from}
                current={cell === cells[chosen]}
                tabbable={cell === cells[tabbable]}
              />
            ))}
          </span>
          {word.at(-1)!.ends === 'line' && <br />}
        </Fragment>
      ))}
    </div>
  );
}

interface CellButtonProps {
  start: number;
  label: string;
  name: string;
  style: CSSProperties | undefined;
  given: boolean;
  current: boolean;
  tabbable: boolean;
}

const CellButton = memo(function CellButton(props: CellButtonProps) {
  const { start, label, name, style, given, current, tabbable } = props;
  return (
    <button
      type="button"
      className="byte-cell"
      data-byte={start}
      data-given={given || undefined}
      data-chip={label.length > 1 || undefined}
      aria-label={name}
      aria-current={current || undefined}
      tabIndex={tabbable ? 0 : -1}
      style={style}
    >
      {label}
    </button>
  );
});

function byteOf({ target }: SyntheticEvent): number | null {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-byte]') : null;
  return button === null ? null : Number(button.dataset.byte);
}
