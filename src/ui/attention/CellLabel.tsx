interface CellLabelProps {
  label: string;
  /** Whether it is a character of the text, not the name of one. */
  plain: boolean;
  /** The middle. */
  x: number;
  y: number;
  width: number;
  height: number;
  fontSize: number;
}

/** Of a monospaced letter, in its font size. */
const LETTER_WIDTH = 0.62;

/** What stands for a byte; a name of several letters lies along the cell's longer side, as large as it fits. */
export function CellLabel({ label, plain, x, y, width, height, fontSize }: CellLabelProps) {
  const across = width / (LETTER_WIDTH * label.length);
  const along = Math.min(height / (LETTER_WIDTH * label.length), width);
  const upright = plain || label.length === 1 || across >= along;
  const size = plain || label.length === 1 ? fontSize : Math.min(0.8 * fontSize, Math.max(across, along));
  return (
    <text x={x} y={y + size * 0.35} fontSize={size} transform={upright ? undefined : `rotate(-90 ${x} ${y})`}>
      {label}
    </text>
  );
}
