// Activations of products, applied where a product is stored, and their derivatives at what was there before. src/ops/gemm.ts puts
// `activate` and `derivative` in the place of the products' own, and their helpers in addition.

override ACTIVATION: u32 = 0u; // 0 none, 1 SiLU, 2 GELU (exact)

// erf by the rational approximations of W. J. Cody, "Rational Chebyshev approximation for the error function" (1969).
fn erf_cody(x: vec4f) -> vec4f {
  let y = abs(x);
  let z = min(y * y, vec4f(1.0));
  let p0 = (((0.185777706184603153 * z + 3.16112374387056560) * z + 113.864154151050156) * z + 377.485237685302021) * z + 3209.37758913846947;
  let q0 = (((z + 23.6012909523441209) * z + 244.024637934444173) * z + 1282.61652607737228) * z + 2844.23683343917062;
  let t = min(y, vec4f(4.0));
  let p = (((((((2.15311535474403846e-8 * t + 0.564188496988670089) * t + 8.88314979438837594) * t + 66.1191906371416295) * t + 298.635138197400131) * t + 881.952221241769090) * t + 1712.04761263407058) * t + 2051.07837782607147) * t + 1230.33935479799725;
  let q = (((((((t + 15.7449261107098347) * t + 117.693950891312499) * t + 537.181101862009858) * t + 1621.38957456669019) * t + 3290.79923573345963) * t + 4362.61909014324716) * t + 3439.36767414372164) * t + 1230.33935480374942;
  return select(sign(x) * (1.0 - exp(-t * t) * p / q), x * p0 / q0, y <= vec4f(0.46875));
}

fn sigmoid(x: vec4f) -> vec4f { return 1.0 / (1.0 + exp(-clamp(x, vec4f(-80.0), vec4f(80.0)))); }

fn activate(x: vec4f) -> vec4f {
  if (ACTIVATION == 1u) { return x * sigmoid(x); }
  if (ACTIVATION == 2u) { return 0.5 * x * (1.0 + erf_cody(x * 0.70710678118654752)); }
  return x;
}

fn derivative(x: vec4f) -> vec4f {
  if (ACTIVATION == 1u) { return sigmoid(x) * (1.0 + x * (1.0 - sigmoid(x))); }
  if (ACTIVATION == 2u) { return 0.5 * (1.0 + erf_cody(x * 0.70710678118654752)) + x * 0.39894228040143268 * exp(-0.5 * min(x * x, vec4f(160.0))); }
  return vec4f(1.0);
}
