import { decodeQuery, linkComplaints } from '../config/codec/decode.ts';
import { problems } from '../config/problems.ts';
import type { AdapterLimits } from '../config/problem.ts';
import { HierarchicalTransformer } from '../model/hierarchical-transformer.ts';
import { recordLayout } from '../model/losses.ts';
import { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tuning } from '../tensor/tuning.ts';
import { declareStepMemory } from '../train/passes/step-memory.ts';
import { traceOptions, traceTraining } from '../train/passes/training-trace.ts';
import type { Work } from './bound.ts';
import { bytesMoved } from './traffic.ts';

/** What a step of a configuration has to do, as its ops declare it; nothing is put on the device. */
export function stepWork(query: string, tuning: Tuning, maxSegmentBytes: number): Work {
  const { model: config, training } = decodeQuery(query).config;
  const store = new ParameterStore(maxSegmentBytes);
  const model = new HierarchicalTransformer(config, store);
  const memory = declareStepMemory('work', training.batchSize, config.contextLength, recordLayout(config).size);
  const trace = traceTraining(model, store, memory, training.accumulation, tuning, traceOptions(training));
  const { accumulate, update } = trace;
  return {
    flops: training.accumulation * (accumulate.forwardFlops + accumulate.backwardFlops) + update.forwardFlops,
    bytes: training.accumulation * bytesMoved(accumulate.dispatches) + bytesMoved(update.dispatches),
  };
}

/** What the form would say against a configuration on such an adapter, or null. */
export function stepRefusal(query: string, limits: AdapterLimits): string | null {
  const link = decodeQuery(query);
  const complaints = [
    ...linkComplaints(link),
    ...problems(link.config, limits)
      .filter(({ severity }) => severity === 'error')
      .map(({ control, message }) => `${control}: ${message}`),
  ];
  return complaints.length > 0 ? complaints.join('; ') : null;
}
