import type { SyntheticId } from '../../config/synthetic.ts';
import type { Draws } from './draws.ts';

/** A rule that makes lines of text. */
export interface Rule {
  /** One more line, without its end, all of whose choices are drawn. */
  line(draws: Draws): string;
  /** How much of a line a model needs to be given to know how it ends, in characters. */
  given: number;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('');
const WORD = 8;
const PAIRS = 4;
const BRACKETS = ['()', '[]', '{}', '<>'];
const BRACKETS_A_LINE = 32;

/** Letters, any of which may stand more than once. */
function word(draws: Draws): string[] {
  return Array.from({ length: WORD }, () => LETTERS[draws.below(LETTERS.length)]);
}

/** `qhzbkwae:qhzbkwae`: letters, and the same again. */
function copyLine(draws: Draws): string {
  const letters = word(draws).join('');
  return `${letters}:${letters}`;
}

/** `qhzbkwae>abehkqwz`: letters, and the same in the order of the alphabet. */
function sortLine(draws: Draws): string {
  const letters = word(draws);
  return `${letters.join('')}>${letters.toSorted().join('')}`;
}

/** `c8h4b5i4?b5h4i4c8`: digits by letters, asked for in another order. In a line each letter has one digit. */
function recallLine(draws: Draws): string {
  const letters = [...LETTERS];
  const pairs = Array.from({ length: PAIRS }, () => draws.take(letters) + draws.below(10));
  const told = pairs.join('');
  const asked = Array.from({ length: PAIRS }, () => draws.take(pairs)).join('');
  return `${told}?${asked}`;
}

/** `([]{<>})…`: brackets of four kinds, each closed by its own. A line ends with none open. */
function bracketsLine(draws: Draws): string {
  const open: string[] = [];
  let line = '';
  while (line.length < BRACKETS_A_LINE) {
    const mustClose = open.length === BRACKETS_A_LINE - line.length;
    const opens = !mustClose && (open.length === 0 || draws.below(2) === 0);
    if (opens) {
      const [opening, closing] = BRACKETS[draws.below(BRACKETS.length)];
      open.push(closing);
      line += opening;
    } else line += open.pop()!;
  }
  return line;
}

export const rules: Record<SyntheticId, Rule> = {
  copy: { line: copyLine, given: WORD + 1 },
  sort: { line: sortLine, given: WORD + 1 },
  recall: { line: recallLine, given: 2 * PAIRS + 1 },
  brackets: { line: bracketsLine, given: BRACKETS_A_LINE / 2 },
};
