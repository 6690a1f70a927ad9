/** Hierarchies that have a hue of their own; coarser ones share the last. */
const HUES = 8;

/** The colour of a hierarchy, the same everywhere on the page. */
export function hueOf(factor: number): string {
  const level = Math.min(HUES - 1, Math.max(0, Math.round(Math.log2(factor))));
  return `var(--hue-${2 ** level})`;
}
