import type { Page } from 'playwright-core';

/** What the stand-in worker measures, as the body of a function of the step. */
export interface Told {
  steps: number;
  /** Bits per byte of the training text at `step`. */
  trainBpb: string;
}

/** Puts a worker in place of the real one that trains nothing and tells at once what a test wants to see drawn. */
export async function tellMetrics(page: Page, { steps, trainBpb }: Told): Promise<void> {
  await page.route('**/assets/worker-*.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script(steps, trainBpb) }),
  );
}

function script(steps: number, trainBpb: string): string {
  return `
    const bits = (step) => ${trainBpb};
    const limits = { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 };
    const info = { description: 'Told', vendor: '', architecture: '', software: false, features: [], subgroupMatrices: [], limits };
    const text = { dataset: 'sample', name: 'Told', bytes: 1e6, trainBytes: 9e5, validationBytes: 5e4 };
    let run = null;
    let told = 0;
    let distance = 0.5;
    function tell(count) {
      const { runId, hierarchies } = run;
      const step = Float64Array.from({ length: count }, (_, at) => told + at + 1);
      const all = (value) => step.map(() => value);
      const compressed = (value) => hierarchies.map(({ factor }) => (factor > 1 ? all(value) : null));
      const batch = {
        runId, step, trainBpb: step.map(bits), recon: compressed(3), ar: compressed(distance), gradNorm: all(1),
        learningRate: all(1e-3), activeSeconds: step.map((at) => at / 10),
      };
      told += count;
      postMessage({ type: 'metrics', batch });
    }
    function validate(apart) {
      const spread = run.hierarchies.map(({ factor }) => (factor > 1 ? apart : null));
      postMessage({ type: 'validation', runId: run.runId, step: told, bpb: 3, spread });
    }
    function train(runId, { model: { hierarchies } }) {
      postMessage({
        type: 'started', runId, parameters: 5, flopsPerStep: hierarchies.length * 1e9,
        engineBytes: 1, pipelines: 1, dispatches: 1,
      });
      run = { runId, hierarchies };
      told = 0;
      distance = 0.5;
      tell(${steps});
      validate(0.8);
      postMessage({ type: 'done', runId, step: ${steps} });
    }
    onmessage = ({ data }) => {
      if (data.type === 'probe') postMessage({ type: 'adapter', state: 'ready', info });
      if (data.type === 'use-embedded')
        postMessage({ type: 'corpus', requestId: data.requestId, info: { ...text, order0Bits: 4.5, gzipBits: 3.2 } });
      if (data.type === 'start') train(data.runId, data.config);
      if (data.type === 'reset') postMessage({ type: 'reset' });
      if (data.type === 'one step more') tell(1);
      if (data.type === 'collapse' || data.type === 'recover') {
        distance = data.type === 'collapse' ? 0.001 : 0.5;
        tell(100);
        validate(data.type === 'collapse' ? 0.01 : 0.8);
      }
    };
  `;
}
