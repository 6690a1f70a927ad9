import { expect, test } from 'vitest';
import { PositionControls } from '../../../src/ui/attention/PositionControls.tsx';
import { HOME } from '../../../src/ui/attention/position.ts';
import type { Position } from '../../../src/ui/attention/position.ts';
import { markup } from '../support/render.tsx';

const hierarchies = [
  { factor: 1, heads: 2 },
  { factor: 4, heads: 1 },
];

/** The values of the heads to choose from, the chosen one in brackets. */
function heads(position: Partial<Position>): string[] {
  const bounds = { layers: 1, hierarchies, bytes: 9 };
  const html = markup(<PositionControls bounds={bounds} position={{ ...HOME, ...position }} onGo={() => {}} />, {});
  return [...html.matchAll(/<input type="radio" name="attention-head"([^>]*)>/g)].map(([, attributes]) => {
    const value = /value="(.*?)"/.exec(attributes)![1];
    return attributes.includes('checked') ? `[${value}]` : value;
  });
}

test('the average of one head and its maximum are no choices, and that head is what is shown', () => {
  expect(heads({ hierarchy: 0, head: 'avg' })).toEqual(['[avg]', 'max', '0', '1']);
  expect(heads({ hierarchy: 1, head: 'avg' })).toEqual(['[0]']);
  expect(heads({ hierarchy: 1, head: 0 })).toEqual(['[0]']);
});
