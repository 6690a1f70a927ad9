import { encode } from 'uqr';

/** Dark on light, whatever the theme, with as much light around it as the standard asks for. */
export interface QrDrawing {
  /** Modules along a side, the quiet zone included. */
  size: number;
  /** The dark modules, a module being one unit. */
  path: string;
}

const QUIET = 4;
/** A code of more modules than this needs a better camera, and a larger screen, than one can count on. */
const MOST_VERSION = 25;

/** A text as a QR code; null when it is too long for one that a phone reads off a screen. */
export function qrCode(text: string): QrDrawing | null {
  try {
    const { data, size } = encode(text, { ecc: 'L', boostEcc: true, border: QUIET, maxVersion: MOST_VERSION });
    return { size, path: data.map(rowPath).join('') };
  } catch {
    return null;
  }
}

/** A rectangle for every run of dark modules, so that no seams show between them. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue;
    const start = x;
    while (row[x + 1]) x++;
    path += `M${start} ${y}h${x + 1 - start}v1H${start}z`;
  }
  return path;
}
