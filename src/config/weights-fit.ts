import { feedForwardWidth } from './costs/parameters.ts';
import { effectiveWindow } from './effective-window.ts';
import { predictingIndex } from './predicting-hierarchy.ts';
import { controlOf } from './problem.ts';
import type { HierarchyConfig, ModelConfig } from './types.ts';

/** A setting for which trained weights are none of the model that is asked for. */
export interface Misfit {
  /** Its control: `depth`, `hierarchies`, `hierarchies[1].dim` ... */
  control: string;
  /** As in `width of 4×`. */
  setting: string;
  trained: string;
  asked: string;
}

/**
 * The first setting that keeps a model from beginning with weights of another; null where they fit. Context and strides may
 * differ, and weights of the losses: no parameter depends on them, but that a reconstruction weight of 0 leaves heads out.
 */
export function misfit(trained: ModelConfig, asked: ModelConfig): Misfit | null {
  const factors = ({ hierarchies }: ModelConfig): string => hierarchies.map(({ factor }) => `${factor}×`).join(', ');
  const all = [
    compared('hierarchies', 'hierarchies', factors(trained), factors(asked)),
    ...asked.hierarchies.flatMap((hierarchy, at) => {
      const before = trained.hierarchies.find(({ factor }) => factor === hierarchy.factor);
      return before === undefined ? [] : ofHierarchy(at, [trained, before], [asked, hierarchy]);
    }),
    compared('depth', 'depth', trained.depth, asked.depth),
    ...(trained.reconWeight > 0 ? [] : [compared('reconWeight', 'reconstruction heads', 'none', heads(asked))]),
    compared('predictFactor', 'predicting hierarchy', predicting(trained), predicting(asked)),
    // A single hierarchy has nothing to merge.
    ...(asked.hierarchies.length < 2 ? [] : flags.map(([name, setting]) => flag(name, setting, trained, asked))),
  ];
  return all.find((each) => each.trained !== each.asked) ?? null;
}

/** What does not fit, as the end of a sentence; `which` follows the word configuration. */
export function sayMisfit({ setting, trained, asked }: Misfit, which = ''): string {
  return `trained with ${setting} ${trained}, the configuration${which} has ${asked}`;
}

const flags = [
  ['mergeAll', 'merge into all'],
  ['predictAll', 'predict from all'],
] as const;

function flag(name: 'mergeAll' | 'predictAll', setting: string, trained: ModelConfig, asked: ModelConfig): Misfit {
  const text = (model: ModelConfig): string => (model[name] ? 'on' : 'off');
  return compared(name, setting, text(trained), text(asked));
}

type InModel = [model: ModelConfig, hierarchy: HierarchyConfig];

function ofHierarchy(at: number, trained: InModel, asked: InModel): Misfit[] {
  const row = (name: keyof HierarchyConfig, setting: string, text: (each: InModel) => string | number): Misfit =>
    compared(controlOf(at, name), `${setting} of ${asked[1].factor}×`, text(trained), text(asked));
  const attention =
    attentionOf(asked) === 'off'
      ? []
      : [row('heads', 'heads', ([, { heads }]) => heads), row('dimHead', 'head width', ([, { dimHead }]) => dimHead)];
  return [
    row('dim', 'width', ([, { dim }]) => dim),
    row('window', 'attention', attentionOf),
    ...attention,
    row('ffMult', 'feed-forward width', ([, hierarchy]) => feedForwardWidth(hierarchy)),
  ];
}

/** Local and full attention have different norms. */
function attentionOf([model, hierarchy]: InModel): string {
  const window = effectiveWindow(model, hierarchy);
  return window === null ? 'full' : window === 0 ? 'off' : 'local';
}

function predicting(model: ModelConfig): string {
  return `${model.hierarchies[predictingIndex(model)]?.factor}×`;
}

function heads({ reconWeight, hierarchies }: ModelConfig): string {
  return reconWeight > 0 && hierarchies.some(({ factor }) => factor > 1) ? 'some' : 'none';
}

function compared(control: string, setting: string, trained: string | number, asked: string | number): Misfit {
  return { control, setting, trained: String(trained), asked: String(asked) };
}
