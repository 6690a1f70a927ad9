import type { DatasetId } from '../../config/types.ts';

/** A text that can be had. */
export interface TextSource {
  id: DatasetId;
  name: string;
  size?: string;
  /** A line of it, where all are alike. */
  example?: string;
  /** A few sentences, for its own card. */
  story: string;
}

/** One that is offered wherever a text is chosen. */
interface MainSource extends TextSource {
  /** One line, for a button. */
  about: string;
}

export const SOURCES: readonly MainSource[] = [
  {
    id: 'sample',
    name: 'Moby Dick',
    about: '1.2 MB, built in',
    size: '1.2 MB',
    story:
      'Herman Melville’s novel of 1851, in the public domain. It comes with the page and is there at once, also ' +
      'without a network.',
  },
  {
    id: 'enwik8',
    name: 'enwik8',
    about: '100 MB of Wikipedia, a download of 36 MB',
    size: '100 MB, packed 36 MB',
    story:
      'The first hundred million bytes of the English Wikipedia of March 2006, markup and all: the text on which ' +
      'byte models are compared. It is checked, kept in this browser, and an interrupted download goes on where it ' +
      'stopped.',
  },
  {
    id: 'own',
    name: 'Your text',
    about: '.txt, .gz or .zip; it never leaves this machine',
    size: '.txt, .gz or .zip',
    story:
      'Any file: choose it here or drop it anywhere on the page. It is read as bytes, whatever its language or ' +
      'encoding, and never leaves this machine; a link only says that there was one.',
  },
];
