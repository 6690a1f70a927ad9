/**
 * `node strata.mjs train|bench|parity ...`: the whole command line in one file, for machines with a GPU but without
 * this project. `npm run build:cli` makes it; it needs Node and, beside it, node_modules/webgpu.
 */
import process from 'node:process';

const COMMANDS: Record<string, () => Promise<unknown>> = {
  train: () => import('./train.ts'),
  bench: () => import('./bench.ts'),
  parity: () => import('./parity.ts'),
};

const [command = ''] = process.argv.splice(2, 1);
if (command === '--help') {
  const names = Object.keys(COMMANDS).join('|');
  console.log(`usage: node strata.mjs ${names} [options]\n  ${names} --help says which`);
  process.exit();
}
const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : null;
if (!run) {
  console.error(`${command || 'no command'}: needs one of ${Object.keys(COMMANDS).join(', ')}`);
  process.exit(2);
}
await run();
