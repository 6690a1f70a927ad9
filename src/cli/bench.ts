/** `npm run bench -- [QUERY ...] [--json]`: where the time of a training step goes, and whether anything grows. */
import { profileSteps } from '../bench/step-profile.ts';
import { Gpu } from '../gpu/device.ts';
import { openNodeGpu } from '../launcher/dawn.ts';

const queries = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const gpu = await Gpu.open(await openNodeGpu());
for (const query of queries.length > 0 ? queries : ['p=micro', 'p=quick&b=4']) {
  const { kernels, ...step } = await profileSteps(gpu, query, 5);
  console.log(step);
  console.table(kernels.map(({ label, dispatches, milliseconds }) => ({ label, dispatches, ms: +milliseconds.toFixed(2) })));
}
process.exit(0);
