import { meanOf, varianceOf } from './variance.ts';

/** What some seeds of a configuration came to. */
export interface Sample {
  count: number;
  mean: number;
  /** Standard deviation over seeds; null of a single one. */
  deviation: number | null;
  lowest: number;
  highest: number;
}

/** In bits per byte: numbers that are this close are the same but for how they were added up. */
const ROUNDING = 1e-9;

/** Null of no values. */
export function sampleOf(values: readonly number[]): Sample | null {
  if (values.length === 0) return null;
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  const variance = highest - lowest < ROUNDING ? 0 : varianceOf(values);
  return {
    count: values.length,
    mean: meanOf(values),
    deviation: values.length < 2 ? null : Math.sqrt(variance),
    lowest,
    highest,
  };
}
