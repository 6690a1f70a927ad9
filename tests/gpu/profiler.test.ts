import { expect, test, vi } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { kernel } from '../../src/gpu/kernel.ts';
import { profile } from '../../src/gpu/profiler.ts';
import { Program, type DispatchCall } from '../../src/gpu/program.ts';
import copySource from '../../shaders/bench-copy.wgsl?raw';
import { gpu } from '../support/gpu.ts';
import { passesOfSubmits } from '../support/passes-of-submits.ts';

const BYTES = 2 ** 20;

test('every dispatch is timed, in submits no longer than those that were asked for', async () => {
  const device = await Gpu.open(await gpu());
  const [source, copied] = ['source', 'copied'].map((name) => {
    const buffer = device.createStorage(name, BYTES);
    return { buffer, offset: 0, bytes: BYTES };
  });
  const call: DispatchCall = {
    kernel: kernel('bench-copy', copySource, 'copy'),
    bindings: { source, copied },
    params: { count: BYTES / 16 },
    workgroups: [BYTES / 16 / 256, 1, 1],
  };
  const program = await Program.create(device, 'copies', [call, call, call, call, call]);
  const passes = passesOfSubmits(device);
  // The first run takes a millisecond, the second one a second.
  const clock = vi.spyOn(performance, 'now');
  [0, 1, 1001].forEach((time) => clock.mockReturnValueOnce(time));
  const times = await profile(device, program, [[{ to: 2 }, { from: 2, to: 3 }], [{ from: 3 }]]);
  clock.mockRestore();

  expect(times).toEqual([{ label: 'bench-copy/copy', dispatches: 5, milliseconds: expect.any(Number) }]);
  // Between them what was timed is copied back, without a pass.
  const timed = passes.filter((count) => count > 0);
  // A program that is so short runs more than once.
  expect(timed).toEqual([2, 1, 2, 2, 1, 2]);
  program.destroy();
  device.close();
});
