import { openNodeGpu } from '../../src/launcher/dawn.ts';

/**
 * Runs once before all tests: ends the run, saying what to do, when this machine has no adapter; else leaves the choice
 * of driver in the environment, which the processes of the tests inherit.
 */
export async function setup(): Promise<void> {
  await openNodeGpu();
}
