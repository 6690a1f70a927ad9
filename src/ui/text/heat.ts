type Rgb = readonly [number, number, number];

/** Bits at which the scale ends: what a byte costs without a model. */
export const MOST_BITS = 8;
const ENTRIES = 256;

/** From the panel's own colour to the far end of its lightness: blues and yellows, which any colour vision tells apart. */
const ON_LIGHT: readonly Rgb[] = [
  [253, 251, 242],
  [245, 229, 165],
  [214, 188, 112],
  [164, 146, 110],
  [106, 104, 116],
  [52, 66, 112],
  [6, 30, 70],
];
const ON_DARK: readonly Rgb[] = [
  [30, 34, 42],
  [42, 58, 100],
  [84, 92, 114],
  [126, 124, 118],
  [178, 166, 108],
  [222, 204, 84],
  [255, 243, 140],
];
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** A background and the ink that can be read on it. */
export interface Heat {
  background: Rgb;
  ink: Rgb;
}

function table(stops: readonly Rgb[]): readonly Heat[] {
  return Array.from({ length: ENTRIES }, (_, at) => {
    const place = (at / (ENTRIES - 1)) * (stops.length - 1);
    const from = Math.min(Math.floor(place), stops.length - 2);
    const mix = (c: 0 | 1 | 2): number =>
      Math.round(stops[from][c] + (place - from) * (stops[from + 1][c] - stops[from][c]));
    const background: Rgb = [mix(0), mix(1), mix(2)];
    return { background, ink: contrast(background, WHITE) > contrast(background, BLACK) ? WHITE : BLACK };
  });
}

/** Colours for 0 to 8 bits and more, on a light and on a dark page. */
export const heatTables = { light: table(ON_LIGHT), dark: table(ON_DARK) };

/** Relative luminance as WCAG defines it. */
export function luminance(color: Rgb): number {
  const [r, g, b] = color.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Ratio of two colours' luminances, from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

export function heatIndex(bits: number): number {
  return Math.round((ENTRIES - 1) * Math.min(1, Math.max(0, bits / MOST_BITS)));
}

const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

const styles = Array.from({ length: ENTRIES }, (_, at) => {
  const { light, dark } = { light: heatTables.light[at], dark: heatTables.dark[at] };
  return {
    background: `light-dark(${css(light.background)}, ${css(dark.background)})`,
    color: `light-dark(${css(light.ink)}, ${css(dark.ink)})`,
  };
});

/** Style of a byte that costs so many bits; undefined where the cost is not known. */
export function heatStyle(bits: number): { background: string; color: string } | undefined {
  return Number.isNaN(bits) ? undefined : styles[heatIndex(bits)];
}
