import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { readMarkdown } from '../../../src/ui/about/markdown.ts';
import type { Block, Span } from '../../../src/ui/about/markdown.ts';

const walkthroughs = readMarkdown(readFileSync('docs/walkthroughs.md', 'utf8'));

function spansOf(block: Block): readonly Span[] {
  if (block.kind === 'steps') return block.items.flat();
  if (block.kind === 'table') return block.rows.flat(2);
  return block.kind === 'lines' ? block.lines.map((text) => ({ kind: 'code', text })) : block.text;
}

test('paragraphs, steps, tables and lines are told apart, with what is set off in them', () => {
  expect(readMarkdown('# Title\n\n## One\nA *b*\nand **c**.\n\n1. Do `x`,\n   then y\n2. z\n')).toEqual([
    { kind: 'heading', text: [{ kind: 'text', text: 'One' }] },
    {
      kind: 'paragraph',
      text: [
        { kind: 'text', text: 'A ' },
        { kind: 'em', text: 'b' },
        { kind: 'text', text: ' and ' },
        { kind: 'strong', text: 'c' },
        { kind: 'text', text: '.' },
      ],
    },
    {
      kind: 'steps',
      items: [
        [
          { kind: 'text', text: 'Do ' },
          { kind: 'code', text: 'x' },
          { kind: 'text', text: ', then y' },
        ],
        [{ kind: 'text', text: 'z' }],
      ],
    },
  ]);
  expect(readMarkdown('|a|b|\n|--|--:|\n|1|2|\n\n```\n?p=quick\n```\n')).toMatchObject([
    {
      kind: 'table',
      rows: [
        [[{ text: 'a' }], [{ text: 'b' }]],
        [[{ text: '1' }], [{ text: '2' }]],
      ],
    },
    { kind: 'lines', lines: ['?p=quick'] },
  ]);
});

test('the walk-throughs hold nothing that the page cannot show', () => {
  expect(walkthroughs.filter(({ kind }) => kind === 'heading')).toHaveLength(6);
  expect(walkthroughs.filter(({ kind }) => kind === 'steps')).toHaveLength(6);
  for (const { kind, text } of walkthroughs.flatMap(spansOf)) {
    if (kind !== 'code') expect(text).not.toMatch(/[*`|#]|^\d+\. /);
  }
});

test('every link of the walk-throughs opens without a complaint', () => {
  const links = walkthroughs.flatMap(spansOf).filter(({ kind, text }) => kind === 'code' && text.startsWith('?'));
  expect(links.length).toBeGreaterThanOrEqual(4);
  for (const { text } of links) {
    const { problems, ignored } = decodeQuery(text.slice(1).replace(/#.*$/, ''));
    expect([...problems, ...ignored], text).toEqual([]);
  }
});
