import { runFields } from '../fields.ts';
import { DEFAULT_PRESET, presetConfig, presets } from '../presets.ts';
import type { PresetId } from '../presets.ts';
import type { RunConfig } from '../types.ts';
import { formatHierarchies } from './hierarchies.ts';

/** Version of the link grammar and of the presets it counts from. */
export const SCHEMA_VERSION = 1;

/**
 * The query of a link, without `?`: schema, preset and what differs from the preset, in one canonical order and of
 * characters that are never escaped. The default preset is named like any other: what a bare address opens is up to the page.
 */
export function encodeQuery(config: RunConfig, preset: PresetId = DEFAULT_PRESET): string {
  const base = presetConfig(preset);
  const hierarchies = formatHierarchies(config.model.hierarchies, base.model.hierarchies);
  const asInPreset = formatHierarchies(base.model.hierarchies, base.model.hierarchies);
  const changes = [
    ...(hierarchies === asInPreset ? [] : [`h=${hierarchies}`]),
    ...runFields
      .filter((field) => field.read(config) !== field.read(base))
      .map((field) => `${field.key}=${field.read(config)}`),
  ];
  return [`v=${SCHEMA_VERSION}`, `p=${preset}`, ...changes].join('&');
}

/** The query that counts from whichever preset leaves the least to say. */
export function shortestQuery(config: RunConfig): string {
  const [shortest] = presets.map(({ id }) => encodeQuery(config, id)).toSorted((a, b) => a.length - b.length);
  return shortest;
}
