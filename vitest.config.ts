import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The page as it is delivered, for real browsers: what would hurt most in `page`, the rest in `e2e`. */
const SERVED_PAGE = 'tests/page/support/serve-page.ts';

const SETTLE = 'tests/support/settle.ts';

/** Tests that replace a module, which the next ones in the same process would find there. */
const REPLACING = readdirSync('tests', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.test\.tsx?$/.test(file))
  .map((file) => join('tests', file))
  .filter((file) => readFileSync(file, 'utf8').includes('vi.mock('));

export default defineConfig({
  test: {
    // A worker thread can neither choose a Vulkan driver nor be ended while the GPU works.
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: 'tests/support/find-adapter.ts',
    // A software adapter is slow to compile and to run.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    // The second is read by .ci/run.
    reporters: process.env.CI ? ['default', ['json', { outputFile: '.cache/test-results.json' }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.{ts,tsx}'],
          exclude: ['tests/page/**', 'tests/e2e/**', ...REPLACING],
          setupFiles: SETTLE,
          // Compiling is most of what tests wait for, and what one file has compiled the next need not.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: REPLACING, setupFiles: SETTLE, sequence: { groupOrder: 1 } } },
      {
        extends: true,
        test: {
          name: 'page',
          include: ['tests/page/**/*.test.ts'],
          globalSetup: SERVED_PAGE,
          sequence: { groupOrder: 2 },
        },
      },
      { extends: true, test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], globalSetup: SERVED_PAGE } },
    ],
  },
});
