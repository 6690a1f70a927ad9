import { afterAll, vi } from 'vitest';
import { settle } from './gpu.ts';

// The next file in this process finds devices, and nothing else of this one.
afterAll(async () => {
  await settle();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.resetModules();
});
