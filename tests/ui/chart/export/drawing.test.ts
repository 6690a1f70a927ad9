import { expect, test } from 'vitest';
import { framed, node, toXml } from '../../../../src/ui/chart/export/drawing.ts';
import { plainColor } from '../../../../src/ui/chart/export/plain-color.ts';

const frame = {
  title: 'Next byte, bits per byte',
  legend: [
    { name: 'train', color: 'rgb(1, 2, 3)', dots: false },
    { name: 'calm <owl>', color: 'rgb(1, 2, 3)', dash: '7 4', dots: false },
    { name: 'validation', color: 'rgb(9, 0, 0)', dots: true },
  ],
  width: 600,
  height: 300,
  colors: { page: '#fff', ink: '#000', muted: '#666' },
  font: '"Segoe UI", sans-serif',
};

test('text and attributes are escaped, and what XML cannot hold is left out', () => {
  expect(toXml(node('text', { 'font-family': '"A" & B' }, '1 < 2\u0000\u0007'))).toBe(
    '<text font-family="&quot;A&quot; &amp; B">1 &lt; 2</text>',
  );
  expect(toXml(node('g', {}))).toBe('<g/>');
});

test('a picture has title and legend as text around the chart', () => {
  const xml = toXml(framed([node('path', { d: 'M0 0L1 1' })], frame));

  expect(xml).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="632" height="\d+" viewBox="0 0 632 \d+"/);
  expect(xml).toContain('<title>Next byte, bits per byte</title>');
  expect(xml).toContain('>Next byte, bits per byte</text>');
  expect(xml).toContain('<path d="M0 0L1 1"/>');
  for (const name of ['train', 'calm &lt;owl&gt;', 'validation']) expect(xml).toContain(`>${name}</text>`);
  expect(xml).toContain('stroke-dasharray="7 4"');
  expect(xml).not.toMatch(/class=|style=|var\(/);
});

test('a legend that is too long goes on in another row', () => {
  const heightOf = (width: number): number => Number(framed([], { ...frame, width }).attributes.height);

  expect(heightOf(200)).toBeGreaterThan(heightOf(600));
  const places = [...toXml(framed([], { ...frame, width: 200 })).matchAll(/ c?x[12]?="([^"]*)"/g)].map(([, x]) =>
    Number(x),
  );
  expect(places.length).toBeGreaterThan(6);
  expect(Math.min(...places)).toBe(0);
  expect(Math.max(...places)).toBeLessThan(200);
});

test('colours that were mixed are written as every program reads them', () => {
  expect(plainColor('color(srgb 1 0.5 0)')).toBe('rgb(255, 128, 0)');
  expect(plainColor('color(srgb 0 0.2 1 / 0.5)')).toBe('rgba(0, 51, 255, 0.5)');
  expect(plainColor('rgb(1, 2, 3)')).toBe('rgb(1, 2, 3)');
  expect(plainColor('none')).toBe('none');
});
