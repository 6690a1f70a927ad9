import type { AddressInfo } from 'node:net';
import { build, preview } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the production page, without a query. */
    pageUrl: string;
  }
}

/** Runs once before the tests of a project: builds the page as it is delivered and serves it until they are through. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Each project has a folder of its own, since two may be set up at once.
  const outDir = `.cache/page-${project.name}`;
  const { NODE_ENV } = process.env;
  // The test runner has set it to something else, which would bring React's development build.
  process.env.NODE_ENV = 'production';
  try {
    await build({ logLevel: 'warn', build: { outDir } });
  } finally {
    process.env.NODE_ENV = NODE_ENV;
  }
  const server = await preview({
    logLevel: 'warn',
    build: { outDir },
    // Any free port, and names other than localhost too: to a browser those are not secure.
    preview: { host: '127.0.0.1', port: 0, allowedHosts: true },
  });
  const { port } = server.httpServer.address() as AddressInfo;
  project.provide('pageUrl', `http://127.0.0.1:${port}/`);
  return () => server.close();
}
