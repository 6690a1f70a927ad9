import { beforeEach, expect, test, vi } from 'vitest';
import type { AdapterSpeed } from '../../src/config/costs.ts';
import type { Gpu } from '../../src/gpu/device.ts';
import { measureSpeed } from '../../src/train/kernels/calibration.ts';
import { SpeedMeter } from '../../src/worker/speed-meter.ts';

vi.mock('../../src/train/kernels/calibration.ts', () => ({ measureSpeed: vi.fn<typeof measureSpeed>() }));

const gpu = {} as Gpu;
const speed: AdapterSpeed = { secondsPerDispatch: 1, secondsPerValue: 2, secondsPerFlop: 3, sharesDispatches: false };
const tell = vi.fn<(speed: AdapterSpeed) => void>();
const prepare = vi.fn<() => Promise<void>>(() => Promise.resolve());
const ahead = vi.fn<(signal: AbortSignal) => Promise<void>>(() => Promise.resolve());

beforeEach(() => {
  vi.clearAllMocks();
});

test('an idle adapter is measured, and then prepared', async () => {
  vi.mocked(measureSpeed).mockResolvedValue(speed);
  const meter = new SpeedMeter(tell);
  meter.begin(gpu, { prepare, ahead });
  await vi.waitFor(() => expect(prepare).toHaveBeenCalledOnce());
  expect(tell).toHaveBeenCalledExactlyOnceWith(speed);
  expect(tell).toHaveBeenCalledBefore(prepare);
  await vi.waitFor(() => expect(ahead).toHaveBeenCalledOnce());
  expect(prepare).toHaveBeenCalledBefore(ahead);
});

test('one measurement is under way at a time, and another can follow it', async () => {
  vi.mocked(measureSpeed).mockResolvedValue(speed);
  const meter = new SpeedMeter(tell);
  meter.begin(gpu, { prepare, ahead });
  meter.begin(gpu, { prepare, ahead });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(ahead).toHaveBeenCalledOnce();
  meter.begin(gpu, { prepare, ahead });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(ahead).toHaveBeenCalledTimes(2);
});

test('what is stopped meanwhile is neither told nor prepared', async () => {
  vi.mocked(measureSpeed).mockImplementation(async (_, signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return null;
  });
  const meter = new SpeedMeter(tell);
  meter.begin(gpu, { prepare, ahead });
  await meter.stop();
  expect(tell).not.toHaveBeenCalled();
  expect(prepare).not.toHaveBeenCalled();
  expect(ahead).not.toHaveBeenCalled();
});

test('a run does not wait for what is done ahead, which is told to end', async () => {
  vi.mocked(measureSpeed).mockResolvedValue(speed);
  ahead.mockReturnValueOnce(new Promise(() => {}));
  const meter = new SpeedMeter(tell);
  meter.begin(gpu, { prepare, ahead });
  await vi.waitFor(() => expect(ahead).toHaveBeenCalled());
  await meter.stop();
  expect(ahead.mock.calls[0][0].aborted).toBe(true);
});

test('a run waits for what is being prepared, also where that fails', async () => {
  vi.mocked(measureSpeed).mockResolvedValue(speed);
  let fail = (): void => {};
  prepare.mockReturnValueOnce(new Promise((_, reject) => (fail = () => reject(new Error('lost')))));
  const meter = new SpeedMeter(tell);
  meter.begin(gpu, { prepare, ahead });
  await vi.waitFor(() => expect(prepare).toHaveBeenCalled());
  let stopped = false;
  const stop = meter.stop().then(() => (stopped = true));
  await Promise.resolve();
  expect(stopped).toBe(false);
  fail();
  await stop;
});
