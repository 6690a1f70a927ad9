/**
 * `npm run bench -- [--quick] [--only TEXT,...] [--list] [--json] [QUERY ...]`: every kernel and every preset against
 * what the adapter can do, and a long run. Fails when a kernel's result is wrong, or something could not be measured.
 */
import { markdown } from '../bench/markdown.ts';
import type { SuiteEvent } from '../bench/report.ts';
import { listSuite, runSuite, unknownName } from '../bench/suite.ts';
import type { Gpu } from '../gpu/device.ts';
import { endWithOutput } from './early-end.ts';
import { machineName } from './machine.ts';
import { openGpu } from './open-gpu.ts';
import { exitStatus } from './bench/exit-status.ts';
import { parseBenchArguments, USAGE } from './bench/arguments.ts';
import { UsageError } from './usage-error.ts';

try {
  await main();
} catch (error) {
  // Not 1, which says that a kernel is wrong.
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(USAGE);
    return;
  }
  endWithOutput(process);
  const { json, list, kernels, ...options } = parseBenchArguments(args);
  const unknown = unknownName(options);
  if (unknown !== null) throw new UsageError(`--only: ${unknown}`);
  if (list) {
    for (const id of listSuite(options)) console.log(id);
    return;
  }
  const events: SuiteEvent[] = [];
  const report = (event: SuiteEvent): void => {
    events.push(event);
    if (event.kind === 'progress' && event.id !== '') {
      console.error(`${event.done + 1}/${event.total} ${event.id}`);
    } else if (event.kind !== 'progress' && json) console.log(JSON.stringify(event));
  };
  const open = async (): Promise<Gpu> => {
    const gpu = await openGpu();
    if (kernels) gpu.info.software = kernels === 'software';
    return gpu;
  };
  try {
    await runSuite({ open, machine: machineName(), heap: heapBytes }, options, report);
  } finally {
    // What was measured is worth having, whatever ended it.
    if (!json && events.some(({ kind }) => kind !== 'progress')) console.log(markdown(events));
  }
  process.exit(exitStatus(events));
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
