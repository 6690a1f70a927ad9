import { predictingIndex } from '../../config/predicting-hierarchy.ts';
import type { ModelConfig, RunConfig } from '../../config/types.ts';
import { flopShares, parameterShares } from './hierarchy-shares.ts';
import { MergeLines } from './MergeLines.tsx';
import { ShareBar } from './ShareBar.tsx';
import { layOut, STRIP } from './strip-layout.ts';
import { StreamRow } from './StreamRow.tsx';

/**
 * The streams to scale: a token is as wide as the bytes it stands for and as tall as its stream is wide; those in reach
 * of the last token's attention are filled. Below, what each stream costs.
 */
export function ArchitectureStrip({ config }: { config: RunConfig }) {
  const { model } = config;
  const { bytes, rows, height } = layOut(model);
  const factors = model.hierarchies.map(({ factor }) => factor);
  return (
    <figure className="architecture">
      <svg
        viewBox={`0 0 ${STRIP.width} ${height}`}
        role="img"
        aria-label={`${rows.map(({ about }) => about).join('; ')}. ${mergeText(model)}`}
      >
        {rows.map((row, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- Two may have the same factor while one is edited.
          <StreamRow key={at} row={row} bytes={bytes} />
        ))}
        <MergeLines model={model} rows={rows} />
        <g className="strip-bytes" transform={`translate(0 ${height - STRIP.ruler})`}>
          <path d={`M${STRIP.left} 0.5H${STRIP.left + STRIP.tokens}`} />
          <text x={STRIP.left} y={13}>
            {bytes} bytes
          </text>
          <text x={STRIP.left + STRIP.tokens} y={13} textAnchor="end">
            now
          </text>
          <text x={STRIP.width} y={13} textAnchor="end">
            sees
          </text>
        </g>
      </svg>
      <figcaption>Filled: what the last token attends to. {mergeText(model)}</figcaption>
      <dl className="shares">
        <ShareBar label="parameters" factors={factors} shares={parameterShares(config)} />
        <ShareBar label="FLOP" factors={factors} shares={flopShares(config)} />
      </dl>
    </figure>
  );
}

/** What happens between the streams, in a sentence. */
function mergeText(model: ModelConfig): string {
  const layers = model.depth === 1 ? '1 layer' : `${model.depth} layers`;
  const predicting = model.hierarchies[predictingIndex(model)];
  const output = model.predictAll ? 'all streams predict' : `${predicting.factor}× predicts`;
  if (model.hierarchies.length === 1) return `${layers}, one stream, nothing to merge.`;
  if (model.ablateMerge) return `${layers} without merges, ${output}.`;
  const into = model.mergeAll ? 'every stream' : `${predicting.factor}×`;
  return `${layers}, merged into ${into} after each; ${output}.`;
}
