import { expect, test } from 'vitest';
import { decodeName, encodeName } from '../../../src/config/codec/name-text.ts';
import { seededRandom } from '../random-config.ts';

test('a name is readable in a link, and of characters that are never escaped', () => {
  expect(encodeName('two streams')).toBe('two_streams');
  expect(encodeName('lr 1e-3')).toBe('lr_1e-3');
  expect(encodeName('Größe 4×: a_b')).toBe('Gr.f6..df.e_4.d7..3a._a.5f.b');
  expect(encodeName('広い 🦉')).toBe('.5e83..3044._.1f989.');
});

test('a name comes back as it is shown: on one line, without what cannot be seen', () => {
  const names: [given: string, back: string | undefined][] = [
    ['wide', 'wide'],
    ['  a \t\n b  ', 'a b'],
    ['100 % & = # + ? "<b>"', '100 % & = # + ? "<b>"'],
    ['a\u202eb\u0000c\u200bd', 'abcd'],
    ['\ud800', undefined],
    [' ', undefined],
    ['é'.repeat(50), 'é'.repeat(40)],
    ['🦉'.repeat(50), '🦉'.repeat(40)],
  ];
  for (const [given, back] of names) {
    const text = encodeName(given);
    expect(text ?? 'x').toMatch(/^[\w.-]{1,360}$/);
    expect(text === undefined ? undefined : decodeName(text)).toBe(back);
  }
});

test('what is no name is none', () => {
  for (const text of ['', '_', 'a b', 'ä', '%20', 'a.b', '.21', '21.', '.a.', '.A9.', '.110000.', '.ffffff.', '.d800.'])
    expect([text, decodeName(text)]).toEqual([text, undefined]);
  // A line break, a change of direction, nothing of any width.
  for (const point of ['0a', '202e', '200b', 'ad', '00']) expect(decodeName(`a.${point}.b`)).toBeUndefined();
  expect(decodeName('x'.repeat(41))).toBeUndefined();
});

test('any text at all is either a name, or nothing', () => {
  const random = seededRandom(5);
  let known = 0;
  for (let round = 0; round < 3000; round++) {
    const points = Array.from({ length: 1 + Math.floor(50 * random()) }, () =>
      Math.floor(0x110000 * random() ** (1 + (round % 12))),
    );
    const text = encodeName(String.fromCodePoint(...points));
    if (text === undefined) continue;
    known++;
    const name = decodeName(text);
    expect(name).toMatch(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,40}$/u);
    expect(encodeName(name!)).toBe(text);
  }
  expect(known).toBeGreaterThan(2000);
});
