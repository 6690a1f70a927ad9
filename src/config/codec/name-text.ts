/** The most characters of a name. */
const LONGEST = 40;
/** One line of letters, marks, digits, signs and spaces: nothing that could not be seen, or turn what stands beside it around. */
const NAME = new RegExp(String.raw`^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,${LONGEST}}$`, 'u');
const UNSEEN = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;
/** Letters of ASCII, digits, hyphens, `_` for a space, and between dots the number of any other character. */
const TEXT = /^(?:[\w-]|\.[\da-f]{2,6}\.){1,40}$/;
const PART = /[A-Za-z\d-]|_|\.([\da-f]+)\./g;
const LAST_CODE_POINT = 0x10ffff;

/** A name as a link carries it, `wide_.c3.b.f6.gen`; undefined where nothing of it can be seen. */
export function encodeName(name: string): string | undefined {
  const [...seen] = oneLine(name.replace(/\s/g, ' ').replace(UNSEEN, ''));
  const text = seen.slice(0, LONGEST).join('').trim();
  return text === '' ? undefined : text.replace(/[^A-Za-z\d-]/gu, escaped);
}

/** Reads a name of any origin; undefined for what is none. */
export function decodeName(text: string): string | undefined {
  if (!TEXT.test(text)) return undefined;
  const points = [...text.matchAll(PART)].map(([part, number]) =>
    number === undefined ? (part === '_' ? 0x20 : part.charCodeAt(0)) : Number.parseInt(number, 16),
  );
  if (points.some((point) => point > LAST_CODE_POINT)) return undefined;
  const name = oneLine(String.fromCodePoint(...points));
  return NAME.test(name) ? name : undefined;
}

function oneLine(text: string): string {
  return text.trim().replace(/ +/g, ' ');
}

function escaped(character: string): string {
  return character === ' ' ? '_' : `.${character.codePointAt(0)!.toString(16)}.`;
}
