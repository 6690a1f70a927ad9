import { effectiveWindow } from '../../config/effective-window.ts';
import type { HierarchyConfig, ModelConfig } from '../../config/types.ts';
import { hueOf } from '../hue.ts';

/** Bytes that the strip shows: two tokens of the coarsest hierarchy, within what can be told apart. */
const FEWEST_BYTES = 32;
const MOST_BYTES = 64;
const WIDTH = 288;
const TALLEST = 30;
const SHORTEST = 7;
const GAP = 7;

/**
 * The streams to scale: a token is as wide as the bytes it stands for and as tall as its stream is wide; those in reach
 * of the last token's attention are filled.
 */
export function ArchitectureStrip({ model }: { model: ModelConfig }) {
  const coarsest = Math.max(1, ...model.hierarchies.map(({ factor }) => factor));
  const bytes = Math.min(MOST_BYTES, Math.max(FEWEST_BYTES, 2 * coarsest));
  const widest = Math.max(1, ...model.hierarchies.map(({ dim }) => dim));
  const heights = model.hierarchies.map(({ dim }) => SHORTEST + (TALLEST - SHORTEST) * (dim / widest));
  const total = heights.reduce((sum, height) => sum + height + GAP, -GAP);
  // Coarse streams lie on top of the finer ones.
  const tops = heights.map((_, at) => heights.slice(at + 1).reduce((sum, height) => sum + height + GAP, 0));
  return (
    <figure className="architecture">
      <svg viewBox={`0 0 ${WIDTH} ${total}`} role="img" aria-label={descriptionOf(model)} preserveAspectRatio="none">
        {model.hierarchies.map((hierarchy, at) => (
          <g
            key={`${hierarchy.factor}-${tops[at]}`}
            fill={hueOf(hierarchy.factor)}
            transform={`translate(0 ${tops[at]})`}
          >
            {tokensOf(hierarchy, model, bytes).map(({ end, inReach }) => {
              const width = (WIDTH / bytes) * Math.min(hierarchy.factor, end);
              return (
                <rect
                  key={end}
                  x={(WIDTH / bytes) * end - width + 0.75}
                  width={Math.max(0.5, width - 1.5)}
                  height={heights[at]}
                  rx={1.5}
                  opacity={inReach ? 1 : 0.28}
                />
              );
            })}
          </g>
        ))}
      </svg>
      <figcaption>{`${bytes} bytes to scale · filled: what the last token attends to`}</figcaption>
    </figure>
  );
}

/** Tokens of the phase that ends at the last byte shown, the last first: `end` is the byte count up to their end. */
function tokensOf(hierarchy: HierarchyConfig, model: ModelConfig, bytes: number): { end: number; inReach: boolean }[] {
  const window = effectiveWindow(model, hierarchy);
  const count = Math.ceil(bytes / hierarchy.factor);
  return Array.from({ length: count }, (_, back) => ({
    end: bytes - back * hierarchy.factor,
    inReach: window === null || back <= window,
  }));
}

function descriptionOf(model: ModelConfig): string {
  const streams = model.hierarchies.map((hierarchy) => {
    const window = effectiveWindow(model, hierarchy);
    const reach = window === null ? 'everything' : `${hierarchy.factor * (window + 1)} bytes`;
    return `${hierarchy.factor}×, ${hierarchy.dim} wide, sees ${reach}`;
  });
  return `Token streams: ${streams.join('; ')}`;
}
