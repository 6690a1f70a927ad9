export interface AdamOptions {
  learningRate: number;
  weightDecay: number;
  clip: number;
  beta1: number;
  beta2: number;
  epsilon: number;
}

/** AdamW in float64 on one flat list of parameters, with a mask per parameter. */
export class AdamReference {
  readonly weights: number[];
  readonly m: number[];
  readonly v: number[];
  updates: number;

  constructor(weights: ArrayLike<number>, updates = 0) {
    this.weights = Array.from(weights);
    this.m = this.weights.map(() => 0);
    this.v = this.weights.map(() => 0);
    this.updates = updates;
  }

  /** One update; returns the norm before clipping. `mask` as the kernels have it, one entry for each parameter. */
  update(gradients: ArrayLike<number>, mask: ArrayLike<number>, of: AdamOptions): number {
    const norm = Math.sqrt(Array.from(gradients).reduce((sum, g) => sum + g * g, 0));
    const factor = of.clip > 0 ? Math.min(1, of.clip / (norm + 1e-6)) : 1;
    this.updates++;
    const correction1 = 1 - of.beta1 ** this.updates;
    const correction2 = 1 - of.beta2 ** this.updates;
    this.weights.forEach((w, i) => {
      if ((mask[i] & 1) === 0) return;
      const g = gradients[i] * factor;
      this.m[i] = of.beta1 * this.m[i] + (1 - of.beta1) * g;
      this.v[i] = of.beta2 * this.v[i] + (1 - of.beta2) * g * g;
      const decayed = (mask[i] & 2) === 0 ? w : w * (1 - of.learningRate * of.weightDecay);
      const root = Math.sqrt(this.v[i] / correction2);
      this.weights[i] = decayed - (of.learningRate * (this.m[i] / correction1)) / (root + of.epsilon);
    });
    return norm;
  }
}
