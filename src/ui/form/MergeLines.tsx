import { predictingIndex } from '../../config/predicting-hierarchy.ts';
import type { ModelConfig } from '../../config/types.ts';
import { hueOf } from '../hue.ts';
import { STRIP } from './strip-layout.ts';
import type { StripRow } from './strip-layout.ts';

const FROM = STRIP.left + STRIP.tokens + 3;
const LINE = FROM + 11;

/** All streams run together, and from there back into those that are given what the others know. */
export function MergeLines({ model, rows }: { model: ModelConfig; rows: readonly StripRow[] }) {
  if (rows.length < 2 || model.ablateMerge) return null;
  const middles = rows.map(({ top, height }) => top + height / 2);
  const predicting = predictingIndex(model);
  return (
    <g className="strip-merge">
      {rows.map(({ factor }, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- Two may have the same factor while one is edited.
        <path key={at} d={`M${FROM} ${middles[at]}H${LINE}`} stroke={hueOf(factor)} />
      ))}
      <path className="strip-join" d={`M${LINE} ${Math.min(...middles)}V${Math.max(...middles)}`} />
      {rows.map(({ factor }, at) =>
        model.mergeAll || at === predicting ? (
          // oxlint-disable-next-line react/no-array-index-key -- As above.
          <path key={at} className="strip-into" d={`M${FROM - 2} ${middles[at]}l6 -4v8z`} fill={hueOf(factor)} />
        ) : null,
      )}
    </g>
  );
}
