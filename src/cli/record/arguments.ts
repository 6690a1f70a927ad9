import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import { encodeQuery } from '../../config/codec/encode.ts';
import { withTraining } from '../../config/problem.ts';
import type { RunConfig } from '../../config/types.ts';
import { UsageError } from '../usage-error.ts';

export interface RecordArguments {
  config: RunConfig;
  /** What links to a run of it have. */
  query: string;
  /** The file to write. */
  out: string;
}

/** Reads the command line. Throws UsageError that names the option and says what would be right. */
export function parseRecordArguments(args: readonly string[]): RecordArguments {
  const given = { '--config': 'p=quick', '--steps': '300', '--out': 'public/recording.json' };
  for (let i = 0; i < args.length; i += 2) {
    const option = args[i];
    if (option !== '--config' && option !== '--steps' && option !== '--out') {
      throw new UsageError(`${option}: is not an option; known are ${Object.keys(given).join(', ')}`);
    }
    given[option] = args[i + 1] ?? '';
  }
  const steps = Number(given['--steps']);
  if (!Number.isInteger(steps) || steps < 1) {
    throw new UsageError(`--steps: given "${given['--steps']}", needs a whole number from 1 up`);
  }
  const link = decodeQuery(given['--config']);
  const complaints = linkComplaints(link);
  if (complaints.length > 0) throw new UsageError(`--config: ${complaints.join('; ')}`);
  const config = withTraining(link.config, { steps });
  return { config, query: encodeQuery(config, link.preset), out: given['--out'] };
}
