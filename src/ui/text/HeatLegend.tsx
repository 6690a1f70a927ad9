import { heatStyle, MOST_BITS } from './heat.ts';

const SWATCHES = Array.from({ length: 2 * MOST_BITS + 1 }, (_, at) => at / 2);

/** Which colour stands for how many bits. */
export function HeatLegend() {
  return (
    <span className="heat-legend" role="img" aria-label={`From 0 bits, pale, to ${MOST_BITS} bits and more, strong`}>
      0
      <span className="heat-scale">
        {SWATCHES.map((bits) => (
          <span key={bits} style={heatStyle(bits)} />
        ))}
      </span>
      {MOST_BITS}+ bits
    </span>
  );
}
