import { SYNTHETIC, syntheticNames } from '../../config/synthetic.ts';
import type { SyntheticId } from '../../config/synthetic.ts';
import type { TextSource } from './sources.ts';

const told: Record<SyntheticId, Pick<TextSource, 'story' | 'example'>> = {
  copy: {
    example: 'qhzbkwae:qhzbkwae',
    story: 'Eight letters, and the same again. Each stands nine bytes back: can the model see that far?',
  },
  sort: {
    example: 'qhzbkwae>abehkqwz',
    story: 'Eight letters, and the same in the order of the alphabet: the next is the least of those that are left.',
  },
  recall: {
    example: 'j1k4e0w5?w5j1e0k4',
    story:
      'What belongs to a letter stands in this line and nowhere else: it has to be looked up, and cannot be learned.',
  },
  brackets: {
    example: '[(()[{}])(<(){}>)<>]{{}[<[[]]>]}',
    story:
      'Four kinds, nested. Which one closes is settled by the last that is still open, however far back it stands.',
  },
};

/** Texts that a rule makes. */
export const SYNTHETIC_SOURCES: readonly TextSource[] = SYNTHETIC.map((id) => ({
  id,
  name: syntheticNames[id],
  ...told[id],
}));
