/** `npm run parity -- DIR [--skip GLOB]`: compares this engine with what the reference computed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { Gpu } from '../gpu/device.ts';
import { openNodeGpu } from '../launcher/dawn.ts';
import { readSafetensors } from '../train/safetensors.ts';
import { checkModelFile, type GoldenModel } from './parity/golden-model.ts';
import { formatChecks, passed, type Check } from './parity/report.ts';

const { folder, skip } = parseArguments(process.argv.slice(2));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && existsSync(join(folder, file.replace(/json$/, 'safetensors'))))
  .map((file) => file.slice(0, -'.json'.length))
  .filter((name) => !skip.some((glob) => matches(name, glob)));
if (names.length === 0) fail(`${folder}: has no NAME.json beside a NAME.safetensors that --skip leaves`);

const gpu = await Gpu.open(await openNodeGpu());
console.log(`adapter: ${gpu.info.description}`);
let failures = 0;
for (const name of names.sort()) {
  try {
    const checks = await checkFile(name);
    if (!checks.every(passed)) failures++;
    console.log(formatChecks(name, checks));
  } catch (error) {
    failures++;
    console.log(`FAILED ${name.padEnd(24)} ${error instanceof Error ? error.message : String(error)}`);
  }
}
await gpu.settled();
console.log(`${names.length - failures} passed, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);

async function checkFile(name: string): Promise<Check[]> {
  const golden = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as GoldenModel;
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, `${name}.safetensors`));
  const { tensors } = readSafetensors(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  return checkModelFile(gpu, golden, tensors);
}

function parseArguments(args: string[]): { folder: string; skip: string[] } {
  const skip: string[] = [];
  let folder: string | undefined;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--skip') skip.push(args[++i] ?? fail('--skip: needs a glob such as "hist_*"'));
    else if (args[i].startsWith('-')) fail(`${args[i]}: is not an option; known are --skip GLOB`);
    else folder = args[i];
  }
  return { folder: folder ?? fail('usage: npm run parity -- DIR [--skip GLOB]'), skip };
}

/** `*` and `?` as shells know them. */
function matches(name: string, glob: string): boolean {
  return typeof matchesGlob === 'function' ? matchesGlob(name, glob) : new RegExp(`^${glob.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
