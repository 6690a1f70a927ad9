import { presetsV1 } from './codec/v1.ts';
import type { RunConfig } from './types.ts';

export type PresetId = keyof typeof presetsV1;

export interface Preset {
  id: PresetId;
  label: string;
  /** One sentence: what it is for. */
  summary: string;
}

/** In the order of the menu, from the first to open to the one that needs the largest adapter. */
export const presets: readonly Preset[] = [
  { id: 'quick', label: 'Quick', summary: 'Two small hierarchies that write word-like text within a minute.' },
  { id: 'two', label: 'Two hierarchies', summary: 'A larger pair, 1× local and 4× full, on 256 bytes of context.' },
  { id: 'flat', label: 'Flat baseline', summary: 'A plain transformer without hierarchies, to compare with Two.' },
  { id: 'micro', label: 'Micro', summary: 'The smallest pair, for phones and software adapters.' },
  { id: 'readme3', label: 'README, three', summary: 'The three-hierarchy model of the original README.' },
  {
    id: 'readme4',
    label: 'README, four',
    summary: 'The four-hierarchy model of the original README, 223 M parameters.',
  },
  { id: 'train', label: 'Training script', summary: "The model of the original author's training script." },
];

/** What a page without a configuration in its address opens with. */
export const DEFAULT_PRESET: PresetId = 'quick';

/** A text of unknown origin as a preset; undefined when there is none of that name. */
export function presetId(text: string): PresetId | undefined {
  return presets.find((preset) => preset.id === text)?.id;
}

/** A fresh copy of a preset's configuration. */
export function presetConfig(id: PresetId): RunConfig {
  return structuredClone(presetsV1[id]);
}
