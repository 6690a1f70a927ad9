import { presetConfig, type PresetId } from '../../src/config/presets.ts';
import type { RunConfig } from '../../src/config/types.ts';
import { HierarchicalTransformer } from '../../src/model/hierarchical-transformer.ts';
import { recordLayout } from '../../src/model/losses.ts';
import { ParameterStore } from '../../src/tensor/parameter-store.ts';
import type { Tuning } from '../../src/tensor/tuning.ts';
import { declareStepMemory } from '../../src/train/passes/step-memory.ts';
import { traceTraining, type TraceOptions } from '../../src/train/passes/training-trace.ts';

type Options = TraceOptions & { maxBindingBytes?: number };

/** A preset's whole training step, recorded without a device that could run it. */
export function tracePreset(id: PresetId, tuning: Tuning, options: Options = {}) {
  return traceRun(presetConfig(id), tuning, options);
}

/** The same of any run. */
export function traceRun({ model, training }: RunConfig, tuning: Tuning, options: Options = {}) {
  const { maxBindingBytes = 2 ** 30 } = options;
  const store = new ParameterStore(maxBindingBytes);
  const memory = declareStepMemory('dry', training.batchSize, model.contextLength, recordLayout(model).size);
  return traceTraining(
    new HierarchicalTransformer(model, store),
    store,
    memory,
    training.accumulation,
    tuning,
    options,
  );
}
