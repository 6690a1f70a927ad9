type Values = readonly number[] | Float64Array;

export function meanOf(values: Values): number {
  return sum(values) / values.length;
}

/** How far values lie from their mean, squared, as of a sample; not a number for a single value. */
export function varianceOf(values: Values): number {
  const mean = meanOf(values);
  return sum(Array.from(values, (value) => (value - mean) ** 2)) / (values.length - 1);
}

function sum(values: Values): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
