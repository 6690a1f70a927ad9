import jsQR from 'jsqr';
import { expect, test } from 'vitest';
import { qrCode } from '../../../src/ui/share/qr-code.ts';
import type { QrDrawing } from '../../../src/ui/share/qr-code.ts';

/** What a camera sees of the drawing, `pitch` pixels a module. */
function photograph({ size, path }: QrDrawing, pitch: number): Uint8ClampedArray<ArrayBuffer> {
  const side = size * pitch;
  const pixels = new Uint8ClampedArray(4 * side * side).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)) {
    for (let row = Number(y) * pitch; row < (Number(y) + 1) * pitch; row++) {
      for (let at = Number(x) * pitch; at < (Number(x) + Number(width)) * pitch; at++) {
        pixels.fill(0, 4 * (row * side + at), 4 * (row * side + at) + 3);
      }
    }
  }
  return pixels;
}

const link = (curveCharacters: number): string =>
  `https://example.org/strata/?v=1&p=two&h=1-d48_4-d96-wf&lr=6e-4&sd=7&r=${'aZ0-_'.repeat(curveCharacters / 5)}#attn/l2.h1`;

test.each([0, 300, 600, 850, 1150])('a link with a curve of %i characters can be read off its code', (characters) => {
  const drawing = qrCode(link(characters))!;

  expect(jsQR(photograph(drawing, 3), 3 * drawing.size, 3 * drawing.size)?.data).toBe(link(characters));
});

test('a code has four modules of light around it', () => {
  const { size, path } = qrCode(link(0))!;
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, width]) => [
    Number(x),
    Number(y),
    Number(width),
  ]);

  expect(Math.min(...runs.map(([x]) => x))).toBe(4);
  expect(Math.max(...runs.map(([x, , width]) => x + width))).toBe(size - 4);
  expect([runs[0][1], runs.at(-1)![1]]).toEqual([4, size - 5]);
});

test('a link is too long for a code from 1,274 bytes on', () => {
  expect(qrCode('x'.repeat(1273))?.size).toBe(117 + 8);
  expect(qrCode('x'.repeat(1274))).toBeNull();
});
