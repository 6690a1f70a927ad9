import { reservedKeys, runField, runFields } from '../fields.ts';
import { problems } from '../problems.ts';
import { DEFAULT_PRESET, presetConfig, presetId, presets } from '../presets.ts';
import type { PresetId } from '../presets.ts';
import type { RunConfig } from '../types.ts';
import { CURVE_KEY } from './curve-key.ts';
import { decodeHierarchies } from './decode-hierarchies.ts';
import { SCHEMA_VERSION } from './encode.ts';
import { formatHierarchies } from './hierarchies.ts';
import { LinkReport, quote } from './link-problems.ts';
import type { LinkProblem } from './link-problems.ts';
import { EMBED, UI_KEY } from './ui-key.ts';

export { linkComplaints } from './link-problems.ts';
export type { LinkProblem } from './link-problems.ts';

export interface DecodedLink {
  /** Always free of errors (the adapter's memory aside), whatever the link says. */
  config: RunConfig;
  preset: PresetId;
  problems: LinkProblem[];
  /** Keys that mean nothing here, a hierarchy's as `h:z5`. */
  ignored: string[];
  /** The link was made by a newer version; what is known of it was read. */
  newerVersion: boolean;
  /** The curve of a run as text, which `decodeCurve` reads; absent without one. */
  curve?: string;
  /** The page is a part of another one; absent for the whole page. */
  embedded?: true;
}

const fieldByKey = new Map(runFields.map((field) => [field.key, field]));

/** Every rule broken by one link is mended within far fewer rounds. */
const MOST_REPAIRS = 64;

/** First value of every key. A map, so that no key is ever looked up on an object. */
function readPairs(query: string, report: LinkReport): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(query.split('#', 1)[0])) {
    const first = pairs.get(key);
    if (first === undefined) pairs.set(key, value);
    else if (!reservedKeys.includes(key) && !fieldByKey.has(key)) report.ignore(key);
    else report.add(key, value, first, `\`${key}\` is given more than once; only the first counts`);
  }
  return pairs;
}

function readVersion(text: string | undefined, report: LinkReport): number {
  if (text === undefined) return SCHEMA_VERSION;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  report.refuse('v', text, String(SCHEMA_VERSION), 'needs the number of a version');
  return SCHEMA_VERSION;
}

function readPreset(text: string | undefined, report: LinkReport): PresetId {
  const id = text === undefined ? DEFAULT_PRESET : presetId(text);
  if (id !== undefined) return id;
  report.refuse('p', text ?? '', DEFAULT_PRESET, `needs one of ${presets.map((preset) => preset.id).join(', ')}`);
  return DEFAULT_PRESET;
}

function readUi(text: string | undefined, report: LinkReport): true | undefined {
  if (text === undefined) return undefined;
  if (text === EMBED) return true;
  const complaint = `\`${UI_KEY}=${quote(text)}\` is not allowed (needs ${EMBED})`;
  report.add(UI_KEY, text, '', complaint, '; showing the whole page');
  return undefined;
}

/**
 * Mends what no single value shows, such as a stride larger than its factor, by the fixes that the form offers. One mends
 * what another has broken: of each key is told what was wrong with it, and what came of it in the end.
 */
function repair(decoded: RunConfig, base: RunConfig, report: LinkReport): RunConfig {
  const textOf = (config: RunConfig, key: string): string =>
    key === 'h'
      ? formatHierarchies(config.model.hierarchies, base.model.hierarchies)
      : (fieldByKey.get(key)?.read(config) ?? '');
  const broken = new Map<string, { complaints: Set<string>; given: string }>();
  const tell = (result: RunConfig, isMended: boolean): void => {
    for (const [key, { complaints, given }] of broken) {
      const used = textOf(result, key);
      report.add(key, given, used, [...complaints].join(' '), isMended ? ` Using \`${key}=${used}\`` : '');
    }
  };
  let config = decoded;
  for (let round = 0; round < MOST_REPAIRS; round++) {
    const error = problems(config).find((problem) => problem.severity === 'error');
    if (error === undefined) {
      tell(config, true);
      return config;
    }
    const key = error.control.startsWith('hierarchies') ? 'h' : runField(error.control).key;
    const known = broken.get(key) ?? { complaints: new Set(), given: textOf(config, key) };
    broken.set(key, { ...known, complaints: known.complaints.add(error.message) });
    if (error.fix === undefined) break;
    config = error.fix.apply(config);
  }
  tell(base, false);
  report.add('h', textOf(config, 'h'), textOf(base, 'h'), 'The link cannot be mended', '; using the preset');
  return base;
}

/**
 * Reads a link's query, with or without its `?`. Never throws and always gives a configuration that may start: what
 * cannot be read keeps the preset's value and is reported.
 */
export function decodeQuery(query: string): DecodedLink {
  const report = new LinkReport();
  const pairs = readPairs(query, report);
  const version = readVersion(pairs.get('v'), report);
  const preset = readPreset(pairs.get('p'), report);
  const embedded = readUi(pairs.get(UI_KEY), report);
  const base = presetConfig(preset);
  let config = presetConfig(preset);
  for (const [key, text] of pairs) {
    const field = fieldByKey.get(key);
    if (field !== undefined) {
      const written = field.write(config, text);
      if (written.ok) config = written.value;
      else report.refuse(key, text, field.read(base), written.error);
    } else if (key === 'h') {
      const hierarchies = decodeHierarchies(text, base.model.hierarchies, report);
      config = { ...config, model: { ...config.model, hierarchies } };
    } else if (!reservedKeys.includes(key)) report.ignore(key);
  }
  return {
    config: repair(config, base, report),
    preset,
    problems: report.problems,
    ignored: report.ignored,
    newerVersion: version > SCHEMA_VERSION,
    curve: pairs.get(CURVE_KEY),
    embedded,
  };
}
