import { reservedKeys, runField, runFields } from '../fields.ts';
import { problems } from '../problems.ts';
import { DEFAULT_PRESET, presetConfig, presetId, presets } from '../presets.ts';
import type { PresetId } from '../presets.ts';
import type { RunConfig } from '../types.ts';
import { MOST_VERSUS, NAME_KEY, VERSUS_KEY } from './compared-keys.ts';
import { nestedPairs } from './compared-runs.ts';
import type { ComparedRun } from './compared-runs.ts';
import { CURVE_KEY } from './curve-key.ts';
import { decodeHierarchies } from './decode-hierarchies.ts';
import { SCHEMA_VERSION } from './encode.ts';
import { formatHierarchies } from './hierarchies.ts';
import { complaintOf, LinkReport, quote } from './link-problems.ts';
import type { LinkProblem } from './link-problems.ts';
import { decodeName } from './name-text.ts';
import { EMBED, UI_KEY } from './ui-key.ts';

export { linkComplaints } from './link-problems.ts';
export type { LinkProblem } from './link-problems.ts';

/** Its configuration is always free of errors (the adapter's memory aside), whatever the link says. A curve is still a text. */
export interface DecodedLink extends ComparedRun {
  problems: LinkProblem[];
  /** Keys that mean nothing here, a hierarchy's as `h:z5`, another run's as `vs:z5`. */
  ignored: string[];
  /** The link was made by a newer version; what is known of it was read. */
  newerVersion: boolean;
  /** The page is a part of another one; absent for the whole page. */
  embedded?: true;
  /** What the run is compared with; absent where it stands alone. */
  versus?: readonly VersusRun[];
}

/** A run beside the first. Of what is wrong with its settings nothing is mended in silence: they are another run then. */
export interface VersusRun extends ComparedRun {
  /** Its place in the link, where the first run is 1; what is left out is counted. */
  number: number;
  /** What is wrong, in sentences. */
  complaints: readonly string[];
}

const fieldByKey = new Map(runFields.map((field) => [field.key, field]));

/** Every rule broken by one link is mended within far fewer rounds. */
const MOST_REPAIRS = 64;

/** Keys that another run of a link may have beside its settings. */
const VERSUS_KEYS: readonly string[] = ['p', 'h', CURVE_KEY, NAME_KEY];

/** Far longer than a run with eight hierarchies, every setting, a name and a curve. */
const LONGEST_VERSUS = 4000;

/** First value of every key. A map, so that no key is ever looked up on an object. */
function readPairs(
  given: Iterable<[key: string, value: string]>,
  reserved: readonly string[],
  report: LinkReport,
): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const [key, value] of given) {
    const first = pairs.get(key);
    if (first === undefined) pairs.set(key, value);
    else if (!reserved.includes(key) && !fieldByKey.has(key)) report.ignore(key);
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
      report.add(key, given, used, [...complaints].join(' '), isMended ? ` Using ${report.say(key, used)}` : '');
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

/** The run that pairs of a link tell; what cannot be read keeps the preset's value and is reported. */
function readRun(pairs: ReadonlyMap<string, string>, reserved: readonly string[], report: LinkReport): ComparedRun {
  const preset = readPreset(pairs.get('p'), report);
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
    } else if (!reserved.includes(key)) report.ignore(key);
  }
  return { config: repair(config, base, report), preset, curve: pairs.get(CURVE_KEY) };
}

/** A run is none the worse for a name that is none. */
function readName(text: string | undefined, whose: string, report: LinkReport): string | undefined {
  const name = text === undefined ? undefined : decodeName(text);
  if (text !== undefined && name === undefined) {
    report.add(NAME_KEY, text, '', `\`${quote(text)}\` is no name${whose}`, '; it is called by its settings');
  }
  return name;
}

/** One run beside the first, by its number in the link; undefined for what is none. */
function readVersus(text: string, number: number, report: LinkReport): VersusRun | undefined {
  const own = new LinkReport(':');
  const pairs = readPairs(text.length > LONGEST_VERSUS ? [] : nestedPairs(text), VERSUS_KEYS, own);
  if (![...pairs.keys()].some((key) => VERSUS_KEYS.includes(key) || fieldByKey.has(key))) {
    report.add(VERSUS_KEY, text, '', `\`${VERSUS_KEY}=${quote(text)}\` is no run`, '; it is left out');
    return undefined;
  }
  const run = readRun(pairs, VERSUS_KEYS, own);
  const whose = ` of run ${number}`;
  for (const problem of own.problems) {
    const complaint = `Run ${number}: ${complaintOf(problem)}`;
    const instead = complaint.endsWith('.') ? ' It' : '; it';
    report.add(VERSUS_KEY, problem.given, problem.used, complaint, `${instead} is neither drawn nor trained`);
  }
  for (const key of own.ignored) report.ignore(`${VERSUS_KEY}:${key}`);
  const name = readName(pairs.get(NAME_KEY), whose, report);
  return { ...run, name, number, complaints: own.problems.map(complaintOf) };
}

/** The runs beside the first; undefined where there is none. */
function readAllVersus(texts: readonly string[], report: LinkReport): VersusRun[] | undefined {
  const first = texts.slice(0, MOST_VERSUS);
  const runs = first.map((text, at) => readVersus(text, at + 2, report)).filter((run) => run !== undefined);
  if (texts.length > MOST_VERSUS) {
    const complaint = `\`${VERSUS_KEY}\` is given ${texts.length} times`;
    report.add(VERSUS_KEY, texts[MOST_VERSUS], '', complaint, `; only the first ${MOST_VERSUS} count`);
  }
  return runs.length > 0 ? runs : undefined;
}

/**
 * Reads a link's query, with or without its `?`. Never throws and always gives a configuration that may start: what
 * cannot be read keeps the preset's value and is reported.
 */
export function decodeQuery(query: string): DecodedLink {
  const report = new LinkReport();
  const given = [...new URLSearchParams(query.split('#', 1)[0])];
  const isVersus = ([key]: [string, string]): boolean => key === VERSUS_KEY;
  const pairs = readPairs(
    given.filter((pair) => !isVersus(pair)),
    reservedKeys,
    report,
  );
  const version = readVersion(pairs.get('v'), report);
  const embedded = readUi(pairs.get(UI_KEY), report);
  const run = readRun(pairs, reservedKeys, report);
  const name = readName(pairs.get(NAME_KEY), '', report);
  const versus = readAllVersus(
    given.filter(isVersus).map(([, text]) => text),
    report,
  );
  return {
    ...run,
    name,
    problems: report.problems,
    ignored: report.ignored,
    newerVersion: version > SCHEMA_VERSION,
    embedded,
    versus,
  };
}
