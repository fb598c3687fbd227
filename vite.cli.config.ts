// Builds the command line into build/cli. npm packages stay where they are.

import { join } from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

export default defineConfig({
  root,
  build: {
    ssr: true,
    outDir: join(root, 'build/cli'),
    emptyOutDir: true,
    target: 'node20',
    rolldownOptions: {
      input: { main: join(root, 'web/cli/main.ts'), evaluate_thread: join(root, 'web/cli/evaluate_thread.ts') },
      // All files side by side: they find the module and the model from where they lie.
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
});
