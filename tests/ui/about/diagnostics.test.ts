import { expect, test } from 'vitest';
import { diagnostics } from '../../../src/ui/about/diagnostics.ts';
import type { AdapterState, RunState } from '../../../src/ui/state/run-state.ts';
import { gpuAdapter, softwareAdapter } from '../support/fake-worker.ts';

const browser = {
  userAgent: 'Mozilla/5.0 (X11)',
  isSecureContext: false,
  devicePixelRatio: 2,
  hardwareConcurrency: 8,
};
const lines = (
  adapter: AdapterState,
  kernels: RunState['kernels'] = null,
  phase: RunState['phase'] = { name: 'idle' },
): string[] => diagnostics(browser, { adapter, kernels, phase }).split('\n');

test('browser and security of the page are stated whatever the adapter', () => {
  const states: AdapterState[] = [
    { state: 'probing' },
    { state: 'none', message: 'No WebGPU.' },
    { state: 'no-adapter', message: 'No adapter.' },
    { state: 'no-device', message: 'Refused.', info: gpuAdapter },
    { state: 'ready', info: gpuAdapter },
  ];
  for (const state of states) {
    expect(lines(state)).toEqual(expect.arrayContaining(['user agent: Mozilla/5.0 (X11)', 'isSecureContext: false']));
  }
});

test('an adapter is described with its features and limits', () => {
  const subgroupMatrices = [{ side: 16, component: 'f16' as const }];
  const features = ['shader-f16', 'subgroups'];
  const text = lines({ state: 'ready', info: { ...softwareAdapter, features, subgroupMatrices } });
  expect(text).toEqual(
    expect.arrayContaining([
      'adapter: SwiftShader (software)',
      'vendor, architecture: google, swiftshader',
      'features: shader-f16, subgroups',
      'subgroup matrices: 16x16 of f16',
      'limit maxBufferSize: 1073741824',
      'limit maxStorageBufferBindingSize: 1073741824',
    ]),
  );
});

test('WebGPU is told apart from an adapter behind it', () => {
  expect(lines({ state: 'none', message: 'No WebGPU.' })).toContain('WebGPU: absent');
  expect(lines({ state: 'no-adapter', message: 'No adapter.' })).toContain('WebGPU: present');
});

test('what went wrong with the adapter is told in its own words', () => {
  const message = 'The adapter refused a device: too many.';
  expect(lines({ state: 'no-device', message, info: gpuAdapter })).toEqual(
    expect.arrayContaining([
      'adapter: Radeon RX 7800 XT',
      'limit maxBufferSize: 2147483648',
      'device: refused (The adapter refused a device: too many.)',
    ]),
  );
});

test('a device that is lost is not told as one that was refused, with and without a run', () => {
  const gone: AdapterState = { state: 'no-device', message: 'It was lost.', info: gpuAdapter, lost: true };
  expect(lines(gone)).toContain('device: lost (It was lost.)');
  const ready: AdapterState = { state: 'ready', info: gpuAdapter };
  const lost = (message: string) => lines(ready, null, { name: 'lost', reason: 'unknown', message, waits: false });
  expect(lost('The driver was reset.')).toContain('device of the run: lost (unknown), The driver was reset.');
  expect(lost('')).toContain('device of the run: lost (unknown), without a message');
});

test('the kernels of the adapter are named, with those that had to be replaced and with what is wrong', () => {
  const ready: AdapterState = { state: 'ready', info: gpuAdapter };
  expect(lines(ready)).toContain('kernels: not chosen yet');
  const replaced = ['Attention kernels by tiles differ from the plain kernel in y by 2.0.'];
  expect(
    lines(ready, {
      variants: 'products direct',
      replaced,
      passedOver: ['Attention kernels are faster, but round otherwise.'],
      wrong: ['A step comes out otherwise.'],
      remembered: false,
    }),
  ).toEqual(
    expect.arrayContaining([
      'kernels: products direct',
      `kernel replaced: ${replaced[0]}`,
      'wrong on this GPU: A step comes out otherwise.',
      'kernel passed over: Attention kernels are faster, but round otherwise.',
    ]),
  );
});

test('kernels that were measured and checked on an earlier visit are told as such', () => {
  const ready: AdapterState = { state: 'ready', info: gpuAdapter };
  const told = (remembered: boolean) =>
    lines(ready, { variants: 'products direct', replaced: [], passedOver: [], wrong: [], remembered }).filter((line) =>
      /earlier visit/.test(line),
    );
  expect(told(true)).toEqual(['kernels measured and checked: on an earlier visit']);
  expect(told(false)).toEqual([]);
});
