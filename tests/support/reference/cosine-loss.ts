export interface CosineLossResult {
  loss: number;
  dPrediction: number[];
  dTarget: number[];
}

const EPSILON = 1e-12;

/** 1 - mean cosine of prediction[b, t] and target[b, t + shift] in float64, with its gradients; zeros without pairs. */
export function cosineLossReference(
  [batch, length, channels]: readonly number[],
  shift: number,
  prediction: ArrayLike<number>,
  target: ArrayLike<number>,
): CosineLossResult {
  const dPrediction = Array.from<number>({ length: batch * length * channels }).fill(0);
  const dTarget = [...dPrediction];
  const pairs = batch * (length - shift);
  let sum = 0;
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t + shift < length; t++) {
      const p = normalised(prediction, (b * length + t) * channels, channels);
      const h = normalised(target, (b * length + t + shift) * channels, channels);
      sum += dot(p.unit, h.unit);
      addNormaliseGradient(dPrediction, p, h.unit, -1 / pairs);
      addNormaliseGradient(dTarget, h, p.unit, -1 / pairs);
    }
  }
  return { loss: pairs > 0 ? 1 - sum / pairs : 0, dPrediction, dTarget };
}

interface Normalised {
  start: number;
  unit: number[];
  norm: number;
}

function normalised(values: ArrayLike<number>, start: number, channels: number): Normalised {
  const row = Array.from({ length: channels }, (_, c) => values[start + c]);
  const norm = Math.sqrt(dot(row, row));
  return { start, norm, unit: row.map((x) => x / Math.max(norm, EPSILON)) };
}

/** Adds scale * J^T dy, J the Jacobian of x -> x / max(|x|, EPSILON): the part of dy across x, unless |x| is clamped. */
function addNormaliseGradient(dx: number[], { start, unit, norm }: Normalised, dy: number[], scale: number): void {
  const along = norm >= EPSILON ? dot(unit, dy) : 0;
  unit.forEach((u, c) => {
    dx[start + c] += (scale * (dy[c] - along * u)) / Math.max(norm, EPSILON);
  });
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}
