import { predictingIndex } from '../../config/predicting-hierarchy.ts';
import type { ModelConfig } from '../../config/types.ts';
import type { WrittenBy } from '../state/text.ts';

/** What it means that a hierarchy is left out, and what still counts of it; null where none is. */
export function omissionHint(model: ModelConfig, by: WrittenBy): string | null {
  if (by === 'all') return null;
  const [what, which, one] =
    by === 'each'
      ? ['One prompt and one seed: by all, then with one hierarchy left out of every merge.', 'any of them', 'one']
      : [`What ${by}× tells the others is left out of every merge.`, `${by}×`, 'it'];
  const never = `The model was never trained without ${which}: this shows what the others rely on ${one} for, not what they could do alone.`;
  return [what, never, ...whatStillCounts(model, by)].join(' ');
}

function whatStillCounts(model: ModelConfig, by: Exclude<WrittenBy, 'all'>): string[] {
  const { factor } = model.hierarchies[predictingIndex(model)];
  if (model.predictAll)
    return ['Its last embedding still counts, since each byte is predicted from those of all hierarchies.'];
  if (by === 'each' || by === factor) return [`${factor}× still predicts each byte, from what it reads and is told.`];
  return [];
}
