import type { HierarchyGeometry, Inspection, Reconstruction } from '../../protocol/inspection.ts';
import { percent } from '../format/quantity.ts';
import { spokenByte } from '../text/byte-name.ts';
import { byteCells } from './byte-cells.ts';
import type { ByteCell } from './byte-cells.ts';
import { tokenSpan } from './lane-bins.ts';
import type { ByteSpan } from './lane-bins.ts';
import { spanText } from './read-out.ts';

/** What one coarse hierarchy's tokens keep of a passage. */
export interface Kept {
  geometry: HierarchyGeometry;
  reconstruction: Reconstruction;
  /** Of the bytes that something is said of, those whose likeliest byte is the right one: from 0 to 1. */
  share: number;
}

/** A cell of what tokens keep: right where all of its bytes are, and as likely as the least likely of them. */
export interface KeptCell extends ByteCell {
  right: boolean;
  probability: number;
}

type Passage = Pick<Inspection, 'text' | 'hierarchies' | 'reconstructions'>;

/** One entry for each hierarchy of which something is known. */
export function keptOf({ text, hierarchies, reconstructions }: Passage): Kept[] {
  return hierarchies.flatMap((geometry, at) => {
    const reconstruction = reconstructions[at];
    if (!reconstruction) return [];
    const said = [...text.keys()].filter((byte) => isSaid(reconstruction, byte));
    const right = said.filter((byte) => reconstruction.bytes[byte] === text[byte]);
    return said.length === 0 ? [] : [{ geometry, reconstruction, share: right.length / said.length }];
  });
}

function isSaid({ likeliest }: Reconstruction, byte: number): boolean {
  return byte < likeliest.length && !Number.isNaN(likeliest[byte]);
}

/** What the tokens say the passage is, in characters; nothing where they say nothing. */
export function keptCells(text: Uint8Array, reconstruction: Reconstruction): KeptCell[] {
  const { bytes, likeliest } = reconstruction;
  const cells: KeptCell[] = [];
  let start = 0;
  while (start < text.length) {
    let end = start;
    while (isSaid(reconstruction, end)) end++;
    for (const cell of byteCells(bytes.subarray(start, end))) {
      const [from, to] = [start + cell.start, start + cell.end];
      const wrong = text.subarray(from, to + 1).some((byte, at) => byte !== bytes[from + at]);
      const probability = Math.min(...likeliest.subarray(from, to + 1));
      cells.push({ ...cell, start: from, end: to, right: !wrong, probability });
    }
    start = Math.max(end, start + 1);
  }
  return cells;
}

/** The tokens that were read, by number, with the bytes that each stands for. */
export function keptTokens({ geometry, reconstruction }: Pick<Kept, 'geometry' | 'reconstruction'>) {
  const tokens: (ByteSpan & { token: number })[] = [];
  for (let token = reconstruction.firstToken; token < geometry.tokens; token += geometry.dilation) {
    tokens.push({ token, ...tokenSpan(geometry, token) });
  }
  return tokens;
}

/** What the tokens keep as a text in quotes, with names for control characters. */
export function keptText({ reconstruction }: Pick<Kept, 'reconstruction'>): string {
  const { likeliest, bytes } = reconstruction;
  const end = likeliest.findLastIndex((p) => !Number.isNaN(p));
  // What nothing is said of amid the rest is a 0 of the passage.
  return spanText(bytes, { start: 0, end });
}

/** What is kept of one byte: `keeps 'e', 84 %`, `takes 'e' for 'a', 41 %; 'e' 18 %`, `says nothing of this byte`. */
export function keptAtByte(text: Uint8Array, { reconstruction }: Pick<Kept, 'reconstruction'>, byte: number): string {
  if (!isSaid(reconstruction, byte)) return 'says nothing of this byte';
  const { bytes, likeliest, actual } = reconstruction;
  const [given, said] = [text[byte], bytes[byte]].map(spokenByte);
  if (bytes[byte] === text[byte]) return `keeps ${given}, ${chance(likeliest[byte])}`;
  return `takes ${given} for ${said}, ${chance(likeliest[byte])}; ${given} ${chance(actual[byte])}`;
}

/** The same of one hierarchy, to be spoken; null where it has nothing to say. */
export function spokenKept({ text, reconstructions }: Passage, hierarchy: number, byte: number): string | null {
  const reconstruction = reconstructions[hierarchy];
  if (!reconstruction || !isSaid(reconstruction, byte)) return null;
  return keptAtByte(text, { reconstruction }, byte).replaceAll(' %', ' percent');
}

function chance(probability: number): string {
  return probability < 0.005 ? '< 1 %' : percent(probability);
}

/** Why nothing is known of what coarse tokens keep; null where there is something, or no coarse token. */
export function keptMissing({ text, hierarchies, reconstructions }: Passage): string | null {
  const coarse = hierarchies.filter(({ factor }) => factor > 1);
  if (coarse.length === 0 || keptOf({ text, hierarchies, reconstructions }).length > 0) return null;
  if (reconstructions.length === 0) return 'This was recorded before it was read what coarse tokens keep.';
  const fits = coarse.some(({ factor, stride }) => factor - stride < text.length);
  if (!fits) return 'The passage is shorter than a coarse token, so that there is nothing to rebuild.';
  return 'What coarse tokens keep is not known: without a reconstruction weight there are no heads that could rebuild their bytes.';
}

const COLUMNS = [
  'factor',
  'token',
  'token_from_byte',
  'token_to_byte',
  'byte',
  'text_byte',
  'kept_byte',
  'kept_probability',
  'text_probability',
  'right',
];

/** What tokens keep as CSV, a line for each byte that a token says something of. Tokens and bytes count from 0. */
export function keptCsv(text: Uint8Array, rows: readonly Kept[]): string {
  const lines = [COLUMNS.join(',')];
  for (const row of rows) {
    const { bytes, likeliest, actual } = row.reconstruction;
    for (const { token, start, end } of keptTokens(row)) {
      for (let byte = start; byte <= end; byte++) {
        if (!isSaid(row.reconstruction, byte)) continue;
        const odds = [likeliest[byte], actual[byte]].map((p) => Number(p.toFixed(6)));
        const right = bytes[byte] === text[byte] ? 1 : 0;
        lines.push([row.geometry.factor, token, start, end, byte, text[byte], bytes[byte], ...odds, right].join());
      }
    }
  }
  return `${lines.join('\n')}\n`;
}
