import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { controlOf, sorted, withModel } from '../../config/problem.ts';
import { presetConfig } from '../../config/presets.ts';
import type { PresetId } from '../../config/presets.ts';
import type { HierarchyConfig, ModelConfig, RunConfig } from '../../config/types.ts';
import type { WeightsFile } from '../../protocol/first-weights.ts';
import { withShared } from './controls.ts';
import type { Control, SharedSetting } from './controls.ts';

/** Weights of a run, for the next to begin with. Their file is read when that is built. */
export interface ChosenWeights extends WeightsFile {
  /** The step that they are of. */
  step: number;
  /** The model that they belong to, and what its form counted from. */
  model: ModelConfig;
  preset: PresetId;
}

/** What the form shows. */
export interface ConfigState {
  preset: PresetId;
  config: RunConfig;
  /** Whether a person, or a link, has chosen any of this. */
  touched: boolean;
  /** Texts that cannot be read, as typed, by control; the configuration keeps the last good value meanwhile. */
  drafts: Readonly<Record<string, { text: string; error: string }>>;
  /**
   * Live settings that were edited by hand since the form was filled. A run takes up what is finished: half a number is a
   * number too.
   */
  edits: Readonly<Record<string, 'typing' | 'finished'>>;
  /** A stable name for each hierarchy, so that a card stays itself when a new factor moves it. */
  cardIds: readonly number[];
  /** Trained weights that the next run begins with; null where they are drawn. */
  weights: ChosenWeights | null;
  /** Settings that an edit of one hierarchy changes in all of them. */
  linked: ReadonlySet<SharedSetting>;
}

export type ConfigStore = StoreApi<ConfigState>;

let lastCardId = 0;
const newCardIds = (hierarchies: readonly unknown[]): number[] => hierarchies.map(() => ++lastCardId);

export function createConfigStore(preset: PresetId, config: RunConfig, touched: boolean): ConfigStore {
  return createStore<ConfigState>(() => ({
    preset,
    config,
    touched,
    drafts: {},
    edits: {},
    cardIds: newCardIds(config.model.hierarchies),
    weights: null,
    linked: new Set(),
  }));
}

/** Puts a whole configuration into the form, of a link or of a preset. It is about the next run, not the present one. */
export function loadConfig(store: ConfigStore, preset: PresetId, config: RunConfig): void {
  const cardIds = newCardIds(config.model.hierarchies);
  store.setState({ preset, config, touched: true, drafts: {}, edits: {}, cardIds });
}

/** Has the next run begin with trained weights: the form takes over their model, and leaves text and training as they are. */
export function chooseWeights(store: ConfigStore, weights: ChosenWeights): void {
  const { config } = store.getState();
  loadConfig(store, weights.preset, { ...config, model: weights.model });
  store.setState({ weights });
}

/** What the worker needs of chosen weights; nothing of none. */
export function weightsFile(weights: ChosenWeights | null): WeightsFile | undefined {
  return weights === null ? undefined : { file: weights.file, name: weights.name };
}

/** Has the next run begin with weights that are drawn from its seed. */
export function drawWeights(store: ConfigStore): void {
  store.setState({ weights: null });
}

export function choosePreset(store: ConfigStore, preset: PresetId): void {
  // The text is no part of what a preset is about; changing it would start a download.
  loadConfig(store, preset, { ...presetConfig(preset), dataset: store.getState().config.dataset });
}

/** Replaces the configuration by an edited one and keeps the hierarchies in order. */
export function editConfig(store: ConfigStore, edit: (config: RunConfig) => RunConfig): void {
  store.setState((state) => {
    const edited = edit(state.config);
    const { hierarchies } = edited.model;
    const ordered = sorted(hierarchies);
    return {
      config: ordered.every((hierarchy, at) => hierarchy === hierarchies[at])
        ? edited
        : withModel(edited, { hierarchies: ordered }),
      touched: true,
      // Which text belongs to which card is known only while the cards stay where they are.
      drafts: isSameOrder(state.config.model.hierarchies, ordered) ? state.drafts : withoutCards(state.drafts),
      cardIds: cardIdsAfter(state, hierarchies, ordered),
    };
  });
}

/** Types `text` into a control: a text that cannot be read stays a draft. `finishEdit` says when that is all of it. */
export function writeControl(store: ConfigStore, control: Control, text: string): void {
  if (control.applies === 'hot') {
    store.setState(({ edits }) => ({ edits: { ...edits, [control.name]: 'typing' } }));
  }
  const written = control.write(store.getState().config, text);
  const { [control.name]: _, ...drafts } = store.getState().drafts;
  if (!written.ok) {
    store.setState({ drafts: { ...drafts, [control.name]: { text, error: written.error } }, touched: true });
    return;
  }
  const { shared } = control;
  const value =
    shared !== null && store.getState().linked.has(shared) ? alike(control, shared, written.value) : written.value;
  store.setState({ drafts });
  editConfig(store, () => value);
}

/** What was typed into a control is all of it, if it can be read. */
export function finishEdit(store: ConfigStore, name: string): void {
  const { edits, drafts } = store.getState();
  if (edits[name] === 'typing' && !(name in drafts)) store.setState({ edits: { ...edits, [name]: 'finished' } });
}

/** What was edited so far is for the runs up to now: a run that begins without the form does not take it up. */
export function forgetEdits(store: ConfigStore): void {
  store.setState({ edits: {} });
}

/** Has all hierarchies follow that control from now on, its present value first; or lets each have its own again. */
export function toggleLink(store: ConfigStore, control: Control): void {
  const { shared } = control;
  if (shared === null) return;
  const { linked } = store.getState();
  if (linked.has(shared)) {
    store.setState({ linked: new Set([...linked].filter((name) => name !== shared)) });
    return;
  }
  store.setState({ linked: new Set([...linked, shared]) });
  editConfig(store, (config) => alike(control, shared, config));
}

function alike(control: Control, shared: SharedSetting, config: RunConfig): RunConfig {
  const index = config.model.hierarchies.findIndex((_, at) => control.name === controlOf(at, shared));
  return index < 0 ? config : withShared(config, shared, index);
}

function isSameOrder(before: readonly HierarchyConfig[], after: readonly HierarchyConfig[]): boolean {
  return before.length === after.length && before.every(({ factor }, at) => factor === after[at].factor);
}

function withoutCards(drafts: ConfigState['drafts']): ConfigState['drafts'] {
  return Object.fromEntries(Object.entries(drafts).filter(([name]) => !name.startsWith('hierarchies[')));
}

/** Cards follow their hierarchy: the same object, else the one in the same place of an edit that kept the number. */
function cardIdsAfter(
  { config, cardIds }: ConfigState,
  edited: readonly HierarchyConfig[],
  ordered: readonly HierarchyConfig[],
): readonly number[] {
  const before = config.model.hierarchies;
  return ordered.map((hierarchy) => {
    const known = before.indexOf(hierarchy);
    if (known >= 0) return cardIds[known];
    return before.length === edited.length ? cardIds[edited.indexOf(hierarchy)] : ++lastCardId;
  });
}
