import type { AdapterState } from '../state/run-state.ts';

/** What the browser tells of itself. */
export interface BrowserFacts {
  userAgent: string;
  isSecureContext: boolean;
  /** Whether the page sees `navigator.gpu`. */
  hasWebGpu: boolean;
  devicePixelRatio: number;
  hardwareConcurrency: number;
}

/** What somebody who is to help needs to know, line by line. Nothing of the text or the run is in it. */
export function diagnostics(browser: BrowserFacts, adapter: AdapterState): string {
  return [
    `user agent: ${browser.userAgent}`,
    `isSecureContext: ${browser.isSecureContext}`,
    `WebGPU: ${browser.hasWebGpu ? 'present' : 'absent'}`,
    ...adapterLines(adapter),
    `processors: ${browser.hardwareConcurrency}`,
    `pixel ratio: ${browser.devicePixelRatio}`,
  ].join('\n');
}

function adapterLines(adapter: AdapterState): string[] {
  switch (adapter.state) {
    case 'unknown':
    case 'probing':
      return ['adapter: not asked yet', 'limits: unknown'];
    case 'none':
    case 'no-adapter':
      return [`adapter: none (${adapter.message})`, 'limits: none, there is no adapter'];
    case 'no-device':
      return [`adapter: cannot be used (${adapter.message})`, 'limits: unknown, the adapter gave no device'];
    case 'ready': {
      const { description, vendor, architecture, software, features, limits } = adapter.info;
      return [
        `adapter: ${description || 'unnamed'}${software ? ' (software)' : ''}`,
        `vendor, architecture: ${vendor || '–'}, ${architecture || '–'}`,
        `features: ${features.length === 0 ? 'none of those wanted' : features.join(', ')}`,
        ...Object.entries(limits).map(([name, limit]) => `limit ${name}: ${limit}`),
      ];
    }
  }
}
