import { use, useMemo } from 'react';
import { exact } from '../format/quantity.ts';
import { loadOnce } from '../shell/load-part.ts';

/** Pixels along a code of few modules, and of one module at least. */
const SIDE = 280;
const LEAST_PITCH = 3;

const encoder = loadOnce(() => import('./qr-code.ts'));

/** A link as a QR code. What makes it is loaded when one is looked at first. */
export function QrPanel({ text }: { text: string }) {
  const { qrCode } = use(encoder());
  const drawing = useMemo(() => qrCode(text), [qrCode, text]);
  if (drawing === null) {
    return <p className="message">{exact(text.length)} characters are too many for a code that a phone could read.</p>;
  }
  const { size, path } = drawing;
  const side = size * Math.max(LEAST_PITCH, Math.floor(SIDE / size));
  return (
    <svg
      className="qr-code"
      role="img"
      aria-label="QR code of the link above"
      width={side}
      height={side}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
