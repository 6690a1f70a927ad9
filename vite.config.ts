import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

/**
 * What the built page may load: itself, and enwik8 from where the reference keeps it. Charts set styles through the
 * style object, which needs no exception. Only in the build, since the development server adds inline scripts.
 */
const CONTENT_SECURITY_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' blob:`,
  `worker-src 'self' blob:`,
  `connect-src 'self' https://raw.githubusercontent.com`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ');

function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** Of the packages in the page, beside it. */
const LICENSES = 'licenses.md';

export default defineConfig({
  // Relative, so that the built page works from any folder of any server.
  base: './',
  plugins: [react(), contentSecurityPolicy()],
  worker: { format: 'es' },
  // React and Recharts are most of the page. Its budget is 260 kB gzipped, and tested.
  build: {
    chunkSizeWarningLimit: 800,
    // What a part needs besides is asked for when its own file has come: a browser remembers of each file that it did not,
    // and the page can ask for that of the part once more, but not for those.
    modulePreload: { resolveDependencies: (_file, files, { hostType }) => (hostType === 'html' ? files : []) },
    license: { fileName: LICENSES },
    rolldownOptions: { input: ['index.html', 'bench.html'] },
  },
});
