import type { PresetId } from '../presets.ts';
import type { RunConfig } from '../types.ts';
import { NAME_KEY, VERSUS_KEY } from './compared-keys.ts';
import { CURVE_KEY } from './curve-key.ts';
import { encodeQuery } from './encode.ts';
import { encodeName } from './name-text.ts';

/** A run as a link tells it. */
export interface ComparedRun {
  config: RunConfig;
  preset: PresetId;
  /** Left out where it follows from the settings. */
  name?: string;
  /** Its curve as the value of `r`. */
  curve?: string;
}

/**
 * The query of a link to several runs: the first as a link to it alone would tell it, so that a page that knows no others opens that,
 * and each of the others as one value, `p:two,b:4,nm:wide`, which needs no escape either.
 */
export function comparisonQuery([first, ...others]: readonly [ComparedRun, ...ComparedRun[]]): string {
  const query = [encodeQuery(first.config, first.preset), ...beside(first)].join('&');
  return [query, ...others.map((run) => `${VERSUS_KEY}=${nested(run)}`)].join('&');
}

function nested(run: ComparedRun): string {
  // It counts from the presets of the same version as the link around it.
  const [, ...settings] = encodeQuery(run.config, run.preset).split('&');
  return [...settings, ...beside(run)].map((pair) => pair.replace('=', ':')).join(',');
}

/** Keys and values of such a run, as far as there are any. */
export function nestedPairs(text: string): [key: string, value: string][] {
  return text.split(',').map((pair) => {
    const [key] = pair.split(':', 1);
    return [key, pair.slice(key.length + 1)];
  });
}

function beside({ name, curve }: ComparedRun): string[] {
  const text = name === undefined ? undefined : encodeName(name);
  return [
    ...(text === undefined ? [] : [`${NAME_KEY}=${text}`]),
    ...(curve === undefined ? [] : [`${CURVE_KEY}=${curve}`]),
  ];
}
