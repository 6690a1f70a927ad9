/** Round numbers within [from, to], about `count` of them, at distances of 1, 2 or 5 times a power of ten. */
export function niceTicks(from: number, to: number, count: number): number[] {
  if (!(to > from) || count < 1) return [from];
  const step = niceStep((to - from) / count);
  const ticks: number[] = [];
  // Counted in whole steps: adding the step up would drift.
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++)
    ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** The distance of 1, 2 or 5 times a power of ten that is nearest to a rough one. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const fraction = rough / power;
  // The geometric means between 1, 2, 5 and 10: the nearest of them on a logarithmic scale.
  const nice = fraction < Math.SQRT2 ? 1 : fraction < Math.sqrt(10) ? 2 : fraction < Math.sqrt(50) ? 5 : 10;
  return nice * power;
}

/** Fewest steps that a chart shows. */
const SHORTEST_VIEW = 20;

/**
 * Last step that a chart of a run of `total` steps shows at step `current`: the run halved as often as the curve still
 * fits. A long run begins in close-up, and the axis changes only a few times. Before the first step it is the whole run.
 */
export function viewEnd(current: number, total: number): number {
  if (current === 0) return total;
  let end = total;
  while (end / 2 >= current && end / 2 >= SHORTEST_VIEW) end /= 2;
  return Math.max(Math.ceil(end), current);
}
