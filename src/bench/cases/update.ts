import { HYPER, HYPER_LENGTH, writeHyper } from '../../optim/hyper.ts';
import { MASK, MASK_BLOCK, OPTIMIZER_STATE, OPTIMIZER_STATE_LENGTH } from '../../optim/state.ts';
import { recordUpdate } from '../../optim/update.ts';
import { ADAM } from '../../train/passes/training-trace.ts';
import { randomValues } from '../random-values.ts';
import { LARGE, spread, type CaseLists, type KernelCase } from '../kernel-case.ts';

export const lists: CaseLists = {
  full: () => [updateCase(2 ** 18), updateCase(LARGE), updateCase(4 * LARGE)],
  quick: () => [updateCase(2 ** 14)],
};

const HYPER_VALUES = { learningRate: 1e-2, clip: 0.5, weightDecay: 0.1, ceWeight: 1, reconWeight: 0, arWeight: 0 };

/** Global norm, clipping and Adam with decay over so many parameters, a multiple of 64. */
export function updateCase(count: number): KernelCase {
  return {
    family: 'Adam with clipping',
    shape: `${count} parameters`,
    record(bench) {
      const [weights, gradients] = [bench.input('weights', [count]), bench.input('gradients', [count])];
      const m = bench.input('m', [count]);
      const v = bench.input('v', [count], (seed) => randomValues(count, seed, 0, 1));
      const blocks = count / MASK_BLOCK;
      const mask = bench.words('mask', [blocks], () => new Uint32Array(blocks).fill(MASK.hasGradient | MASK.decays));
      const hyper = bench.input('hyper', [HYPER_LENGTH], () => {
        const values = new Float32Array(HYPER_LENGTH);
        writeHyper(values, HYPER_VALUES);
        return values;
      });
      const state = bench.words('state', [OPTIMIZER_STATE_LENGTH], () => new Uint32Array(OPTIMIZER_STATE_LENGTH));
      const record = bench.input('record', [3], () => new Float32Array(3));
      recordUpdate(bench.graph, {
        segments: [{ weights, gradients, m, v, mask }],
        hyper,
        state,
        record,
        options: ADAM,
        indices: { firstLoss: 0, lossCount: 1, gradientNorm: 1, notFinite: 2 },
      });
      const expected = () => {
        const [w, g, first, second] = [weights, gradients, m, v].map((tensor) => bench.values(tensor));
        let squares = 0;
        for (let i = 0; i < count; i++) squares += g[i] * g[i];
        const norm = Math.sqrt(squares);
        const rate = bench.values(hyper)[HYPER.learningRate];
        const samples = spread(count, 32).map((i) => {
          const gradient = g[i] * Math.min(1, HYPER_VALUES.clip / (norm + 1e-6));
          const moment = ADAM.beta1 * first[i] + (1 - ADAM.beta1) * gradient;
          const square = ADAM.beta2 * second[i] + (1 - ADAM.beta2) * gradient * gradient;
          // Of the first update: both corrections divide by 1 - beta.
          const root = Math.sqrt(square / (1 - ADAM.beta2));
          const decay = rate * HYPER_VALUES.weightDecay * w[i];
          const weight = w[i] - (rate * moment) / (1 - ADAM.beta1) / (root + ADAM.epsilon) - decay;
          return { i, weight, moment, square };
        });
        return [
          { output: weights, samples: samples.map(({ i, weight }) => [i, weight] as const) },
          { output: m, samples: samples.map(({ i, moment }) => [i, moment] as const) },
          { output: v, samples: samples.map(({ i, square }) => [i, square] as const) },
          {
            output: state,
            samples: [[OPTIMIZER_STATE.updates, 1]] as const,
            unchanged: OPTIMIZER_STATE_LENGTH - 1,
          },
          // The first loss and whether anything is not finite.
          { output: record, samples: [[1, norm]] as const, unchanged: 2 },
        ];
      };
      return { flops: { forward: bench.graph.forwardFlops }, expected };
    },
  };
}
