import { describe, expect, it } from 'vitest';
import type { HierarchyGeometry, Inspection, Reconstruction } from '../../../src/protocol/inspection.ts';
import { encodeText } from '../../../src/text/encode.ts';
import {
  keptAtByte,
  keptCells,
  keptCsv,
  keptMissing,
  keptOf,
  keptText,
  keptTokens,
  spokenKept,
} from '../../../src/ui/attention/kept.ts';

const TEXT = encodeText('Call me.');

const geometryOf = (factor: number, stride = 1, text = TEXT): HierarchyGeometry => ({
  factor,
  stride,
  dilation: factor / stride,
  window: null,
  tokens: Math.ceil(text.length / stride),
  heads: 1,
});

/** What a head says of the bytes from `from` on, as likely as a half, and what is there a quarter where it is wrong. */
function said(text: Uint8Array, bytes: Uint8Array, firstToken: number, from = 0): Reconstruction {
  const known = (at: number): boolean => at >= from && at < from + bytes.length;
  const read = Uint8Array.from(text, (_, at) => (known(at) ? bytes[at - from] : 0));
  return {
    firstToken,
    bytes: read,
    likeliest: Float32Array.from(text, (_, at) => (known(at) ? 0.5 : NaN)),
    actual: Float32Array.from(text, (byte, at) => (known(at) ? (byte === read[at] ? 0.5 : 0.001) : NaN)),
  };
}

type Passage = Pick<Inspection, 'text' | 'hierarchies' | 'reconstructions'>;
const passageOf = (reconstruction: Reconstruction | null, geometry = geometryOf(4)): Passage => ({
  text: TEXT,
  hierarchies: [geometryOf(1), geometry],
  reconstructions: [null, reconstruction],
});

describe('what tokens keep', () => {
  it('is the share of right bytes among those that something is said of', () => {
    const rows = keptOf(passageOf(said(TEXT, encodeText('wall'), 3)));
    expect(rows.map(({ geometry: { factor }, share }) => [factor, share])).toEqual([[4, 0.75]]);
    expect(keptOf(passageOf(said(TEXT, encodeText('wall me.'), 3)))[0].share).toBe(0.875);
    expect(keptOf(passageOf(said(TEXT, new Uint8Array(), 3)))).toEqual([]);
    expect(keptOf(passageOf(null))).toEqual([]);
  });

  it('has each letter above the byte that it stands for, and is wrong where a byte differs', () => {
    const cells = keptCells(TEXT, said(TEXT, encodeText('all you'), 1, 1));
    expect(cells.map(({ start, label, right }) => `${start}${label}${right ? '' : '!'}`)).toEqual([
      '1a',
      '2l',
      '3l',
      '4 ',
      '5y!',
      '6o!',
      '7u!',
    ]);
    expect(cells.every(({ probability }) => probability === 0.5)).toBe(true);
  });

  it('joins the bytes of a character, and counts it wrong for one of them', () => {
    const text = encodeText('né');
    const right = keptCells(text, said(text, text, 0));
    expect(right.map(({ start, end, label, right: is }) => [start, end, label, is])).toEqual([
      [0, 0, 'n', true],
      [1, 2, 'é', true],
    ]);
    const read = said(text, encodeText('nè'), 0);
    read.likeliest[2] = 0.125;
    expect(keptCells(text, read)[1]).toMatchObject({ label: 'è', right: false, probability: 0.125 });
  });

  it('leaves a hole where a byte is said nothing of', () => {
    const text = Uint8Array.of(97, 0, 98);
    const read = said(text, Uint8Array.of(97, 0, 98), 1);
    read.likeliest[1] = NaN;
    expect(keptCells(text, read).map(({ start }) => start)).toEqual([0, 2]);
  });

  it.each([
    [4, 1, 3, ['3: 0-3', '7: 4-7']],
    [4, 2, 1, ['1: 0-2', '3: 3-6']],
    [4, 4, 0, ['0: 0-0', '1: 1-4']],
  ])('is of tokens side by side: factor %i, stride %i', (factor, stride, firstToken, expected) => {
    const tokens = keptTokens({ geometry: geometryOf(factor, stride), reconstruction: said(TEXT, TEXT, firstToken) });
    expect(tokens.map(({ token, start, end }) => `${token}: ${start}-${end}`)).toEqual(expected);
  });

  it('is said of one byte with probabilities, and aloud', () => {
    const passage = passageOf(said(TEXT, encodeText('wall me'), 3));
    const [row] = keptOf(passage);
    expect(keptAtByte(TEXT, row, 1)).toBe("keeps 'a', 50 %");
    expect(keptAtByte(TEXT, row, 0)).toBe("takes 'C' for 'w', 50 %; 'C' < 1 %");
    expect(keptAtByte(TEXT, row, 7)).toBe('says nothing of this byte');
    expect(spokenKept(passage, 1, 1)).toBe("keeps 'a', 50 percent");
    expect(spokenKept(passage, 0, 1)).toBeNull();
    expect(spokenKept(passage, 1, 7)).toBeNull();
    expect(keptText(row)).toBe('“wall me”');
  });

  it('goes into a file, a line for each byte of each token', () => {
    const rows = keptOf(passageOf(said(TEXT, encodeText('wall'), 3)));
    expect(keptCsv(TEXT, rows).split('\n')).toEqual([
      'factor,token,token_from_byte,token_to_byte,byte,text_byte,kept_byte,kept_probability,text_probability,right',
      '4,3,0,3,0,67,119,0.5,0.001,0',
      '4,3,0,3,1,97,97,0.5,0.5,1',
      '4,3,0,3,2,108,108,0.5,0.5,1',
      '4,3,0,3,3,108,108,0.5,0.5,1',
      '',
    ]);
  });

  it('says why nothing is known, where there are coarse tokens', () => {
    expect(keptMissing(passageOf(said(TEXT, TEXT, 3)))).toBeNull();
    expect(keptMissing({ text: TEXT, hierarchies: [geometryOf(1)], reconstructions: [null] })).toBeNull();
    expect(keptMissing(passageOf(null))).toContain('without a reconstruction weight');
    expect(keptMissing({ ...passageOf(null), reconstructions: [] })).toContain('This was recorded before');
    expect(keptMissing(passageOf(null, geometryOf(16)))).toContain('shorter than a coarse token');
  });
});
