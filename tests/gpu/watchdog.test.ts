import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { Gpu, NO_ANSWER } from '../../src/gpu/device.ts';
import { Watchdog } from '../../src/gpu/watchdog.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const seconds = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(1000 * count);
const never = (): Promise<undefined> => new Promise(() => {});
const after = (count: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 1000 * count));

describe('a watchdog', () => {
  it('barks once where nothing has come back for a minute', async () => {
    const bark = vi.fn<(seconds: number) => void>();
    void new Watchdog(bark).of(never());
    await seconds(59);
    expect(bark).not.toHaveBeenCalled();
    await seconds(200);
    expect(bark).toHaveBeenCalledExactlyOnceWith(60);
  });

  it('is as patient as work is slow', async () => {
    const bark = vi.fn<(seconds: number) => void>();
    const dog = new Watchdog(bark);
    dog.patience = 300;
    void dog.of(never());
    await seconds(299);
    expect(bark).not.toHaveBeenCalled();
    await seconds(1);
    expect(bark).toHaveBeenCalledOnce();
  });

  it('is silent as long as anything comes back, or nobody waits', async () => {
    const bark = vi.fn<(seconds: number) => void>();
    const dog = new Watchdog(bark);
    void dog.of(after(170));
    for (let turn = 0; turn < 3; turn++) await Promise.all([dog.of(after(50)), seconds(50)]);
    await seconds(20);
    await seconds(1000);
    expect(vi.getTimerCount()).toBe(0);
    await Promise.all([dog.of(after(50)), seconds(50)]);
    expect(bark).not.toHaveBeenCalled();
  });

  it('counts no sleep of the computer, of which a timer tells one beat', async () => {
    const bark = vi.fn<(seconds: number) => void>();
    void new Watchdog(bark).of(never());
    await seconds(50);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 8 * 3600 * 1000);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 8 * 3600 * 1000);
    await seconds(9);
    expect(bark).not.toHaveBeenCalled();
  });

  it('hands on what work brings, also that it fails', async () => {
    const dog = new Watchdog(() => {});
    expect(await dog.of(Promise.resolve(3))).toBe(3);
    await expect(dog.of(Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  });
});

/** A WebGPU whose device answers while it is opened, three times, and then no more. */
function silentGpu(isFallbackAdapter: boolean) {
  let lose: (info: GPUDeviceLostInfo) => void = () => {};
  const lost = new Promise<GPUDeviceLostInfo>((resolve) => (lose = resolve));
  const answers = Array.from({ length: 3 }, () => Promise.resolve(undefined));
  const destroy = vi.fn<() => void>(() => lose({ reason: 'destroyed', message: '' } as GPUDeviceLostInfo));
  const device = {
    lost,
    destroy,
    addEventListener: () => {},
    queue: { onSubmittedWorkDone: () => answers.pop() ?? never(), submit: () => {} },
  };
  const adapter = {
    info: { vendor: 'some', architecture: 'gpu', description: '', isFallbackAdapter },
    features: new Set(),
    limits: {},
    requestDevice: async () => device,
  };
  return { gpu: { requestAdapter: async () => adapter } as unknown as GPU, destroy };
}

test('a device whose work never comes back is lost, unless the CPU computes', async () => {
  const { gpu, destroy } = silentGpu(false);
  const opened = await Gpu.open(gpu);
  const told = vi.fn<(loss: unknown) => void>();
  void opened.lost.then(told);
  void opened.settled();
  await seconds(55);
  expect(told).not.toHaveBeenCalled();
  await seconds(5);
  expect(told).toHaveBeenCalledExactlyOnceWith({ reason: NO_ANSWER, message: 'It has not answered for 60 seconds.' });
  expect(destroy).toHaveBeenCalledOnce();

  const slow = silentGpu(true);
  void (await Gpu.open(slow.gpu)).settled();
  await seconds(10_000);
  expect(slow.destroy).not.toHaveBeenCalled();
});

test('a device with slow work is waited for as long as is usual for it', async () => {
  const { gpu, destroy } = silentGpu(false);
  const opened = await Gpu.open(gpu);
  opened.bePatient(500);
  void opened.settled();
  await seconds(495);
  expect(destroy).not.toHaveBeenCalled();
  await seconds(5);
  expect(destroy).toHaveBeenCalledOnce();
});
