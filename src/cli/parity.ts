/** `npm run parity -- DIR [--skip GLOB] [--kernels gpu|software]`: compares this engine with what the reference computed. */
import { endWithOutput } from './early-end.ts';
import { kernelsFrom, type Kernels } from './kernels-option.ts';
import { openGpu } from './open-gpu.ts';
import { matchesGlob } from './parity/glob.ts';
import { checkGoldenFile, goldenNames } from './parity/golden-file.ts';
import { formatChecks, passed } from './parity/report.ts';

const USAGE = 'usage: npm run parity -- DIR [--skip GLOB] [--kernels gpu|software]';

if (process.argv.includes('--help', 2)) {
  console.log(USAGE);
  process.exit();
}
endWithOutput(process);
const { folder, skip, kernels } = orFail(() => parseArguments(process.argv.slice(2)));
const names = listNames().filter((name) => !skip.some((glob) => matchesGlob(name, glob)));
if (names.length === 0) fail(`${folder}: has no NAME.json beside a NAME.safetensors that --skip leaves`);

const gpu = await openGpu().catch((error: Error) => fail(error.message));
// Both families of kernels run on every adapter; which one is chosen depends on what the adapter is.
if (kernels) gpu.info.software = kernels === 'software';
const complaints: string[] = [];
gpu.onError = (message) => complaints.push(message);
console.log(`adapter: ${gpu.info.description}, kernels for ${gpu.info.software ? 'software adapters' : 'GPUs'}`);
let failures = 0;
for (const name of names) {
  const { line, ok } = await check(name);
  console.log(line);
  if (!ok) failures++;
}
await gpu.settled();
console.log(`${names.length - failures} passed, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);

async function check(name: string): Promise<{ line: string; ok: boolean }> {
  complaints.length = 0;
  try {
    const checks = await checkGoldenFile(gpu, folder, name);
    if (complaints.length > 0) throw new Error(complaints[0]);
    return { line: formatChecks(name, checks), ok: checks.every(passed) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { line: `FAILED ${name.padEnd(24)} ${message}`, ok: false };
  }
}

function listNames(): string[] {
  return orFail(
    () => goldenNames(folder),
    (why) => `${folder}: cannot be listed (${why})`,
  );
}

function parseArguments(args: string[]): { folder: string; skip: string[]; kernels: Kernels | undefined } {
  const skip: string[] = [];
  let kernels: Kernels | undefined;
  let folder: string | undefined;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--skip') skip.push(args[++i] ?? fail('--skip: needs a glob such as "hist_*"'));
    else if (args[i] === '--kernels') kernels = kernelsFrom(args[++i]);
    else if (args[i].startsWith('-'))
      fail(`${args[i]}: is not an option; known are --skip GLOB, --kernels gpu|software`);
    else folder = args[i];
  }
  return {
    folder: folder ?? fail(USAGE),
    skip,
    kernels,
  };
}

function orFail<T>(read: () => T, say = (why: string) => why): T {
  try {
    return read();
  } catch (error) {
    return fail(say(error instanceof Error ? error.message : String(error)));
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
