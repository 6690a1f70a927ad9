import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TONES } from '../../../src/ui/compare/run-look.ts';

type Triple = [number, number, number];

const tokens = readFileSync('src/ui/style/tokens.css', 'utf8');

/** Linear red, green and blue of a colour, in each theme. */
function colorOf(name: string): Record<'light' | 'dark', Triple> {
  const [light, dark] = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(tokens)!.slice(1);
  return { light: linear(light), dark: linear(dark) };
}

function linear(hex: string): Triple {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}

/** What eyes see: all three kinds of cones, or without one of them (Machado, Oliveira and Fernandes, 2009). */
const EYES: Record<string, [Triple, Triple, Triple]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const times = (rows: readonly Triple[], [r, g, b]: Triple): Triple =>
  rows.map(([x, y, z]) => x * r + y * g + z * b) as Triple;

/** OKLab, where distances are about how different colours look. */
function oklab(color: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    color,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones.map(Math.cbrt) as Triple,
  );
}

const luminance = ([r, g, b]: Triple): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(a: Triple, b: Triple): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const names = ['ink', ...Array.from({ length: TONES }, (_, tone) => `run-${tone}`)];

test.each(['light', 'dark'] as const)('in %s, runs stand off the panel and one another, for all eyes', (theme) => {
  const panel = colorOf('panel')[theme];
  const colors = names.map((name) => ({ name, color: colorOf(name)[theme] }));
  for (const { name, color } of colors) expect(contrast(color, panel), name).toBeGreaterThanOrEqual(3);
  for (const [eyes, rows] of Object.entries(EYES)) {
    const seen = colors.map(({ name, color }) => ({
      name,
      at: oklab(times(rows, color).map((value) => Math.min(1, Math.max(0, value))) as Triple),
    }));
    seen.forEach(({ name, at }, index) => {
      for (const other of seen.slice(0, index)) {
        // Half of what lies between neighbouring hues of the usual wheel; two greys of a printed scale are 0.05 apart.
        expect(
          Math.hypot(...at.map((value, axis) => value - other.at[axis])),
          `${eyes}: ${name}, ${other.name}`,
        ).toBeGreaterThan(0.09);
      }
    });
  }
});
