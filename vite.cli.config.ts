import { defineConfig } from 'vite';

/** The command that holds all others, in one file that can be carried elsewhere. */
const SELF_CONTAINED = 'strata';

/** `vite build --config vite.cli.config.ts --mode NAME` bundles src/cli/NAME.ts, shaders included, for Node. */
export default defineConfig(({ mode }) => ({
  publicDir: false,
  // Dawn is a native library: the one thing that cannot be in the file.
  ssr: mode === SELF_CONTAINED ? { noExternal: true, external: ['webgpu'] } : {},
  build: {
    ssr: `src/cli/${mode}.ts`,
    target: 'node20',
    outDir: 'dist/cli',
    emptyOutDir: false,
    minify: false,
    ...(mode === SELF_CONTAINED
      ? // The ending says what it is where no package.json does.
        { rolldownOptions: { output: { codeSplitting: false, entryFileNames: '[name].mjs' } } }
      : { ssrEmitAssets: true, sourcemap: true }),
  },
}));
