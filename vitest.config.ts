import { defineConfig } from 'vitest/config';

/** The page as it is delivered, for real browsers: what would hurt most in `page`, the rest in `e2e`. */
const SERVED_PAGE = 'tests/page/support/serve-page.ts';

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
          exclude: ['tests/page/**', 'tests/e2e/**'],
          setupFiles: 'tests/support/settle.ts',
        },
      },
      { extends: true, test: { name: 'page', include: ['tests/page/**/*.test.ts'], globalSetup: SERVED_PAGE } },
      { extends: true, test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], globalSetup: SERVED_PAGE } },
    ],
  },
});
