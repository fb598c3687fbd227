import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'web', include: ['tests/web/**/*.test.ts'], environment: 'node', testTimeout: 120_000 },
      },
      {
        // Browsers on the built page: one file at a time, so that they do not take each other's time.
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
