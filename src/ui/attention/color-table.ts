/** 256 colours as R, G, B bytes. */
export type ColorTable = Uint8ClampedArray;

export type Rgb = readonly [number, number, number];

/** Navy over grey to yellow: even steps of lightness, told apart with any colour vision. */
const SEQUENTIAL: readonly Rgb[] = [
  [4, 28, 66],
  [26, 52, 104],
  [62, 74, 110],
  [90, 97, 113],
  [118, 119, 120],
  [147, 142, 118],
  [178, 167, 108],
  [211, 194, 90],
  [238, 219, 72],
  [255, 243, 130],
];

/** Ends of a scale of differences around a middle that is next to the page's own colour: orange for less, blue for more. */
interface Differences {
  less: Rgb;
  middle: Rgb;
  more: Rgb;
}

/** Large differences stand out, on a dark page by being light. */
const ON_LIGHT: Differences = { less: [214, 96, 10], middle: [246, 246, 244], more: [37, 99, 214] };
const ON_DARK: Differences = { less: [255, 168, 84], middle: [30, 32, 35], more: [120, 172, 255] };

function ramp(stops: readonly Rgb[]): ColorTable {
  const table = new Uint8ClampedArray(256 * 3);
  for (let at = 0; at < 256; at++) {
    const place = (at / 255) * (stops.length - 1);
    const from = Math.min(Math.floor(place), stops.length - 2);
    for (let c = 0; c < 3; c++) {
      table[3 * at + c] = stops[from][c] + (place - from) * (stops[from + 1][c] - stops[from][c]);
    }
  }
  return table;
}

export const sequential: ColorTable = ramp(SEQUENTIAL);

const differences = ({ less, middle, more }: Differences): ColorTable => ramp([less, middle, more]);

/** Differences on a light and on a dark page. */
export const diverging = { light: differences(ON_LIGHT), dark: differences(ON_DARK) };

/** Place of a weight in a table. The root makes a weight of 1 % visible beside one of 100 %. */
export function weightColor(weight: number): number {
  return Math.round(255 * Math.sqrt(Math.min(1, Math.max(0, weight))));
}

/** Place of a difference of weights, from -1 to 1, in a diverging table. */
export function differenceColor(difference: number): number {
  const root = Math.sqrt(Math.min(1, Math.abs(difference)));
  return Math.round(127.5 + 127.5 * Math.sign(difference) * root);
}

export function cssColor(table: ColorTable, at: number): string {
  return `rgb(${table[3 * at]} ${table[3 * at + 1]} ${table[3 * at + 2]})`;
}

/** How far a head's tone is from its hierarchy's hue: from -1, towards black, to 1, towards white. */
function tonePlace(head: number, heads: number): number {
  return heads === 1 ? 0 : SPREAD * ((2 * head) / (heads - 1) - 1);
}

/** Tones of one hue, as many as there are heads, from darker to lighter. */
export function tones(hue: Rgb, heads: number): Rgb[] {
  return Array.from({ length: heads }, (_, head): Rgb => {
    const place = tonePlace(head, heads);
    const target = place < 0 ? 0 : 255;
    const mix = (value: number): number => Math.round(value + Math.abs(place) * (target - value));
    return [mix(hue[0]), mix(hue[1]), mix(hue[2])];
  });
}

/** The same tone for a style sheet that knows the hue. */
export function cssTone(hue: string, head: number, heads: number): string {
  const place = tonePlace(head, heads);
  return `color-mix(in srgb, ${place < 0 ? 'black' : 'white'} ${(100 * Math.abs(place)).toFixed(0)}%, ${hue})`;
}

/** How far the outermost tones are from the hue. */
const SPREAD = 0.55;
