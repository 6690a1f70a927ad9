import { formatBytes } from './format-bytes.ts';

/** How many bytes a text has, and how many of them training and validation read. */
export interface TextLength {
  name: string;
  bytes: number;
  trainBytes: number;
  validationBytes: number;
}

/** The fewest bytes a text split 90/5/5 needs so that training and validation each hold one context and the byte after it. */
export function requiredTextBytes(contextLength: number): number {
  return 20 * (contextLength + 1);
}

/** The longest context that a text has room for. */
export function longestContext({ trainBytes, validationBytes }: TextLength): number {
  return Math.min(trainBytes, validationBytes) - 1;
}

/** Why a text is too short for a context, as a sentence without its stop; null when it is not. */
export function tooShort(text: TextLength, contextLength: number): string | null {
  if (longestContext(text) >= contextLength) return null;
  const [part, bytes] =
    text.trainBytes <= contextLength ? (['train', text.trainBytes] as const) : ['validation', text.validationBytes];
  return (
    `text "${text.name}": given ${formatBytes(text.bytes)}, needs at least ` +
    `${formatBytes(requiredTextBytes(contextLength))}, so that its ${part} part (${formatBytes(bytes)}) ` +
    `holds a context of ${contextLength} bytes and the byte after it`
  );
}
