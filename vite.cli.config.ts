import { defineConfig } from 'vite';

/** `vite build --config vite.cli.config.ts --mode NAME` bundles src/cli/NAME.ts, shaders included, for Node. */
export default defineConfig(({ mode }) => ({
  publicDir: false,
  build: {
    ssr: `src/cli/${mode}.ts`,
    target: 'node20',
    outDir: 'dist/cli',
    emptyOutDir: false,
    ssrEmitAssets: true,
    minify: false,
    sourcemap: true,
  },
}));
