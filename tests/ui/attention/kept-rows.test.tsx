import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import type { Inspection } from '../../../src/protocol/inspection.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { KeptAtQuery } from '../../../src/ui/attention/KeptAtQuery.tsx';
import { KeptNote } from '../../../src/ui/attention/KeptNote.tsx';
import { KeptRows } from '../../../src/ui/attention/KeptRows.tsx';
import { RowFigures } from '../../../src/ui/attention/RowFigures.tsx';
import { keptOf } from '../../../src/ui/attention/kept.ts';
import { laneOf, streamsOf } from '../../../src/ui/attention/scene.ts';
import { stageLayout } from '../../../src/ui/attention/stage-layout.ts';
import { plausibleInspection } from '../support/fake-inspection.ts';

const { model } = presetConfig('micro');
// Two 4x tokens; bytes 0 and 5 are taken for others.
const TEXT = encodeText('Call me!');
const inspection = plausibleInspection(model, TEXT);
const WIDTH = 10;

const withoutTags = (markup: string): string => markup.replaceAll(/<[^>]*>/g, '').replaceAll('&#x27;', "'");
const noteOf = (of: Inspection, before: Inspection | null = null): string =>
  withoutTags(
    renderToStaticMarkup(
      <KeptNote
        capture={{ runId: 1, step: 100, inspection: of }}
        before={before && { runId: 1, step: 0, inspection: before }}
      />,
    ),
  );

describe('the row of kept bytes', () => {
  const layout = stageLayout(2, true, 1);
  const markup = renderToStaticMarkup(
    <svg>
      <KeptRows text={TEXT} rows={keptOf(inspection)} layout={layout} width={WIDTH} />
    </svg>,
  );
  const cells = [...markup.matchAll(/data-byte="(\d+)" data-right="(\w+)">(.*?)<\/text><\/g>(<path[^>]*>)?/g)];

  it('has a letter for every byte, in the middle of its byte, in its hierarchy’s hue', () => {
    expect(cells).toHaveLength(TEXT.length);
    for (const [, byte, , drawn] of cells) {
      expect(drawn).toContain(`x="${(Number(byte) + 0.5) * WIDTH}"`);
    }
    expect(markup).toContain('--hue:var(--hue-4)');
    expect([...markup.matchAll(/data-token="(\d+)" x="(\d+)"/g)].map(([, token, x]) => [token, x])).toEqual([
      ['3', '0'],
      ['7', '40'],
    ]);
  });

  it('marks what is wrong by a wave, not by colour alone', () => {
    const waves = cells.filter(([, , , , wave]) => wave?.includes('kept-wrong'));
    expect(waves.map(([, byte]) => byte)).toEqual(['0', '5']);
    expect(cells.filter(([, , right]) => right === 'false').map(([, byte]) => byte)).toEqual(['0', '5']);
  });

  it('is fainter the less likely a letter is, and legible still', () => {
    const { likeliest } = inspection.reconstructions[1]!;
    const opacities = cells.map(([, , , drawn]) => Number(/opacity="([\d.]+)"/.exec(drawn)![1]));
    opacities.forEach((opacity, byte) => expect(opacity).toBeCloseTo(0.35 + 0.65 * likeliest[byte], 5));
  });
});

it('at its end a row says how many bytes are kept, also where nothing is known of worth', () => {
  const lanes = streamsOf(inspection, { layer: 0, hierarchy: 0, head: 0 }).map((stream) => laneOf(stream, 0));
  const figures = (of: typeof lanes): string =>
    withoutTags(
      renderToStaticMarkup(
        <RowFigures lanes={of} kept={keptOf(inspection)} layout={stageLayout(2, true, 1)} next={1} />,
      ),
    );
  expect(figures(lanes)).toMatch(/^4× keeps75 % of the byteswithout 1×/);
  expect(figures(lanes.map((lane) => ({ ...lane, lost: null })))).toBe('4× keeps75 % of the bytes');
});

describe('the note on kept bytes', () => {
  it('says how many are kept, what that means, and what they are for who cannot see the row', () => {
    const note = noteOf(inspection);
    expect(note).toContain('4× keeps 75 % of the bytes. Kept is what a reconstruction head reads back');
    expect(note).toContain('4× reads back “Dall ne!”');
    expect(note).toContain('Kept bytes as CSV');
  });

  it('says how many more than in the capture to compare with', () => {
    const [, read] = inspection.reconstructions;
    const worse = { ...inspection, reconstructions: [null, { ...read!, bytes: read!.bytes.map((byte) => byte + 1) }] };
    expect(noteOf(inspection, worse)).toContain('4× keeps 75 % (+75 points since A) of the bytes');
  });

  it('without kept bytes says why, or nothing where there is no coarse token', () => {
    expect(noteOf({ ...inspection, reconstructions: [] })).toBe(
      'This was recorded before it was read what coarse tokens keep.',
    );
    const flat = plausibleInspection(presetConfig('flat').model, TEXT);
    expect(noteOf(flat)).toBe('');
  });
});

it('the query byte is read out with what each coarse hierarchy keeps of it', () => {
  const readOut = (query: number): string =>
    withoutTags(renderToStaticMarkup(<KeptAtQuery text={TEXT} rows={keptOf(inspection)} query={query} />));
  expect(readOut(1)).toMatch(/^Of byte 14× keeps 'a', \d+ %$/);
  expect(readOut(5)).toMatch(/^Of byte 54× takes 'm' for 'n', \d+ %; 'm' 20 %$/);
});
