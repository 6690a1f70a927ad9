import { tooShort } from '../text/text-length.ts';
import { DataError } from './data-error.ts';

/** Bytes [start, end) of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Splits {
  readonly train: Span;
  readonly validation: Span;
  readonly test: Span;
}

/** A text with its three parts. */
export interface Corpus extends Splits {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const ENWIK8_TRAIN_BYTES = 90_000_000;
const ENWIK8_VALIDATION_BYTES = 5_000_000;

/** 90 % to train on, the next 5 % to validate, the rest to test. */
export function splitBytes(length: number): Splits {
  const trainEnd = Math.floor((length * 9) / 10);
  return spans(trainEnd, trainEnd + Math.floor(length / 20), length);
}

/**
 * The reference's protocol: 90e6 bytes to train on, the next 5e6 to validate, the rest to test. A text too short for
 * it, such as a prefix of enwik8, is split like any other.
 */
export function splitEnwik8(length: number): Splits {
  const validationEnd = ENWIK8_TRAIN_BYTES + ENWIK8_VALIDATION_BYTES;
  return length < validationEnd ? splitBytes(length) : spans(ENWIK8_TRAIN_BYTES, validationEnd, length);
}

/** A corpus of any text; a DataError when there is none. */
export function makeCorpus(name: string, bytes: Uint8Array, split: (length: number) => Splits = splitBytes): Corpus {
  if (bytes.length === 0) throw new DataError('empty', `text "${name}": given an empty file, needs some text`);
  return { name, bytes, ...split(bytes.length) };
}

/** A DataError when a split that training reads is shorter than one sequence of seqLen bytes and its target. */
export function checkCorpusLength({ name, bytes, train, validation }: Corpus, seqLen: number): void {
  const text = {
    name,
    bytes: bytes.length,
    trainBytes: spanLength(train),
    validationBytes: spanLength(validation),
  };
  const why = tooShort(text, seqLen);
  if (why !== null) throw new DataError('too-short', why);
}

export function spanLength(span: Span): number {
  return span.end - span.start;
}

function spans(trainEnd: number, validationEnd: number, length: number): Splits {
  return {
    train: { start: 0, end: trainEnd },
    validation: { start: trainEnd, end: validationEnd },
    test: { start: validationEnd, end: length },
  };
}
