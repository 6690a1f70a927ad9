/** The gradient of `loss` at `values`, by central differences in float64; `loss` must not keep its argument. */
export function centralDifferences(
  loss: (values: Float64Array) => number,
  values: ArrayLike<number>,
  step = 1e-5,
): Float64Array {
  const at = Float64Array.from(values);
  return at.map((_, i) => {
    const value = at[i];
    at[i] = value + step;
    const above = loss(at);
    at[i] = value - step;
    const below = loss(at);
    at[i] = value;
    return (above - below) / (2 * step);
  });
}

/** The sum of a_i * b_i: a scalar whose gradient by `a` is `b`. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
