import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import { QUICK_SOAK_STEPS, SOAK_STEPS, STANDARD_LIMITS, type SuiteOptions } from '../../bench/suite-options.ts';
import { kernelsFrom, type Kernels } from '../kernels-option.ts';
import { UsageError } from '../usage-error.ts';

export interface BenchArguments extends SuiteOptions {
  /** One JSON line per figure instead of tables. */
  json: boolean;
  /** Say what would be measured and stop. */
  list: boolean;
  /** Which kernels: those that the adapter would get by itself when undefined. */
  kernels: Kernels | undefined;
}

export const USAGE = `usage: npm run bench -- [options] [QUERY ...]
  QUERY            what stands after the ? in a link: only steps and texts of these configurations are measured
  --quick          a small list: one small shape of every kernel, one small model, a short run
  --only TEXT,...  only what has one of these in its name, such as attention or matmul/1024
  --list           names of what would be measured
  --limit S        seconds that one run of a kernel may take here (default ${STANDARD_LIMITS.kernel / 1000}); of a step, ten times that
  --soak STEPS     length of the long run, 0 for none (default ${SOAK_STEPS})
  --kernels gpu|software   which of the two families of kernels, whatever the adapter
  --json           one JSON line per figure
  --help           this text`;

/** Reads the command line. Throws UsageError that names the option and says what would be right. */
export function parseBenchArguments(args: readonly string[]): BenchArguments {
  const flags = { '--quick': false, '--list': false, '--json': false };
  const values: Partial<Record<(typeof WITH_VALUE)[number], string>> = {};
  const queries: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const option = args[i];
    if (option === '--quick' || option === '--list' || option === '--json') flags[option] = true;
    else if (isWithValue(option)) values[option] = valueFrom(option, args[++i]);
    else if (option.startsWith('-')) fail(`${option}: is not an option\n${USAGE}`);
    else queries.push(queryFrom(option));
  }
  if (queries.length > 0 && values['--only'] !== undefined)
    fail(`--only: given beside ${queries[0]}, needs one of them: of a QUERY all is measured`);
  const quick = flags['--quick'];
  const kernel = 1000 * number('--limit', values['--limit'] ?? String(STANDARD_LIMITS.kernel / 1000));
  const soakSteps = number('--soak', values['--soak'] ?? String(quick ? QUICK_SOAK_STEPS : SOAK_STEPS));
  if (!Number.isInteger(soakSteps)) fail(`--soak: given "${values['--soak']}", needs a whole number, 0 for none`);
  return {
    quick,
    list: flags['--list'],
    json: flags['--json'],
    only: (values['--only'] ?? '').split(',').filter((part) => part !== ''),
    queries,
    soakSteps,
    limits: { kernel, step: 10 * kernel },
    kernels: values['--kernels'] === undefined ? undefined : kernelsFrom(values['--kernels']),
  };
}

const WITH_VALUE = ['--only', '--limit', '--soak', '--kernels'] as const;

function isWithValue(option: string): option is (typeof WITH_VALUE)[number] {
  return (WITH_VALUE as readonly string[]).includes(option);
}

function valueFrom(option: string, value: string | undefined): string {
  return value === undefined || value.startsWith('--') ? fail(`${option}: needs a value`) : value;
}

function queryFrom(query: string): string {
  const complaints = linkComplaints(decodeQuery(query));
  return complaints.length > 0 ? fail(`${query}: ${complaints.join('; ')}`) : query;
}

function number(option: string, text: string): number {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) && value >= 0
    ? value
    : fail(`${option}: given "${text}", needs a number from 0 up`);
}

function fail(message: string): never {
  throw new UsageError(message);
}
