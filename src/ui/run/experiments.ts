import { presetConfig } from '../../config/presets.ts';
import type { PresetId } from '../../config/presets.ts';
import { withHierarchy, withModel, withTraining } from '../../config/problem.ts';
import type { HierarchyConfig, RunConfig } from '../../config/types.ts';

/** A change to a preset that is worth a run, in plain words. */
export interface Experiment {
  label: string;
  /** What to look for, once the form holds it. */
  question: string;
  config: RunConfig;
  /** Whether it is of interest by itself, on a text of its own, and not beside the model as it was. */
  alone?: boolean;
}

/** Enough for some lines of a text that a rule makes, and to learn one. */
const CONTEXT = 128;
const BATCH = 8;
const STEPS = 600;

/** One thing alone to learn, whose attention shows how the model does it. */
export function copying(form: RunConfig): Experiment {
  const { model, training } = form;
  const longer = withModel({ ...form, dataset: 'copy' }, { contextLength: Math.max(CONTEXT, model.contextLength) });
  return {
    label: 'Teach it to copy',
    question:
      'The text is eight letters and the same again, line by line. The loss stands still, then falls at once. What happened?',
    config: withTraining(longer, {
      batchSize: Math.max(BATCH, training.batchSize),
      steps: Math.max(STEPS, training.steps),
    }),
    alone: true,
  };
}

/** The streams of a preset, which is what things to try are about, with all else as the form has it. */
export function withStreamsOf(preset: PresetId, form: RunConfig): RunConfig {
  return withModel(form, { hierarchies: presetConfig(preset).model.hierarchies });
}

/** A window that reaches little more than a word back. */
const SHORT_WINDOW = 4;

/** What there is to find out about a model of bytes and one coarser stream; nothing about any other. */
export function experiments(config: RunConfig): readonly Experiment[] {
  const [fine, coarse, ...others] = config.model.hierarchies;
  if (fine?.factor !== 1 || coarse === undefined || others.length > 0) return [];
  const name = `${coarse.factor}×`;
  const bytesAlone = withModel(config, { hierarchies: [fine] });
  const coarseAs = (change: Partial<HierarchyConfig>): RunConfig =>
    withHierarchy(config, 1, (hierarchy) => ({ ...hierarchy, ...change }));
  return [
    {
      label: `Take ${name} away`,
      question: `${fine.window === null ? '' : `Now bytes see ${fine.window + 1} bytes and nothing coarser. `}How much worse does the model get, and how much faster?`,
      config: bytesAlone,
    },
    {
      label: `Let bytes see ${SHORT_WINDOW} bytes back`,
      question: `Bytes now see hardly a word; ${name} sees everything. Is that enough?`,
      config: withHierarchy(config, 0, (hierarchy) => ({ ...hierarchy, window: SHORT_WINDOW })),
    },
    {
      label: `Stride ${coarse.factor}: ${name} for less work`,
      question: `${name} now makes a token every ${coarse.factor} bytes, not at every byte. Does the loss notice?`,
      config: coarseAs({ stride: coarse.factor }),
    },
  ];
}
