/** `npm run bench -- [QUERY ...] [--soak STEPS] [--json]`: where a step's time goes, how fast texts are
 * written, and whether anything grows. */
import { measureGeneration } from '../bench/generation.ts';
import { soak } from '../bench/soak.ts';
import { profileSteps } from '../bench/step-profile.ts';
import { Gpu } from '../gpu/device.ts';
import { openNodeGpu } from '../launcher/dawn.ts';

/** Smaller than any preset, so that 2,000 steps take a minute on a software adapter. */
const SOAK_QUERY = 'p=micro&h=1-d8-n1-e8-f2-w4_4-d8-n1-e8-f2-wf&n=16&b=2';
const SOAK_STEPS = 2000;
const REPETITIONS = 5;

const { queries, soakSteps, json } = parseArguments(process.argv.slice(2));
const gpu = await Gpu.open(await openNodeGpu());
const print = (title: string, value: object): void => {
  if (json) console.log(JSON.stringify({ [title]: value }));
  else {
    console.log(`\n${title}`);
    console.table(value);
  }
};

print('adapter', [{ ...gpu.info, features: gpu.info.features.join(' ') }]);
for (const query of queries) {
  const { kernels, ...step } = await profileSteps(gpu, query, REPETITIONS);
  print(`step ${query}`, [step]);
  print(`kernels ${query}`, kernels);
  print(`texts ${query}`, await measureGeneration(gpu, query, REPETITIONS));
}
if (soakSteps > 0) print(`soak ${SOAK_QUERY}`, await soak(gpu, SOAK_QUERY, soakSteps, 10, heapBytes));
process.exit(0);

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function parseArguments(args: string[]): { queries: string[]; soakSteps: number; json: boolean } {
  const queries: string[] = [];
  let soakSteps = SOAK_STEPS;
  let asJson = false;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--json') asJson = true;
    else if (args[i] === '--soak') soakSteps = Number(args[++i]);
    else queries.push(args[i]);
  }
  if (!Number.isInteger(soakSteps) || soakSteps < 0) {
    console.error('--soak: needs a whole number of steps, 0 for none');
    process.exit(2);
  }
  return { queries: queries.length > 0 ? queries : ['p=micro', 'p=quick&b=4'], soakSteps, json: asJson };
}
