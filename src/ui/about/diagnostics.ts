import type { AdapterInfo } from '../../protocol/events.ts';
import type { AdapterState, RunState } from '../state/run-state.ts';

/** What the browser tells of itself. */
export interface BrowserFacts {
  userAgent: string;
  isSecureContext: boolean;
  devicePixelRatio: number;
  hardwareConcurrency: number;
}

export function browserFacts(): BrowserFacts {
  const { userAgent, hardwareConcurrency } = navigator;
  return { userAgent, hardwareConcurrency, isSecureContext, devicePixelRatio };
}

/** What somebody who is to help needs to know, line by line. Nothing of the text or the run is in it. */
export function diagnostics(
  browser: BrowserFacts,
  { adapter, kernels, phase }: Pick<RunState, 'adapter' | 'kernels' | 'phase'>,
): string {
  return [
    `user agent: ${browser.userAgent}`,
    `isSecureContext: ${browser.isSecureContext}`,
    ...adapterLines(adapter),
    ...(phase.name === 'lost'
      ? [`device of the run: lost (${phase.reason}), ${phase.message || 'without a message'}`]
      : []),
    `kernels: ${kernels?.variants ?? 'not chosen yet'}`,
    ...(kernels?.remembered ? ['kernels measured and checked: on an earlier visit'] : []),
    ...(kernels?.wrong ?? []).map((sentence) => `wrong on this GPU: ${sentence}`),
    ...(kernels?.replaced ?? []).map((sentence) => `kernel replaced: ${sentence}`),
    ...(kernels?.passedOver ?? []).map((sentence) => `kernel passed over: ${sentence}`),
    `processors: ${browser.hardwareConcurrency}`,
    `pixel ratio: ${browser.devicePixelRatio}`,
  ].join('\n');
}

function adapterLines(adapter: AdapterState): string[] {
  switch (adapter.state) {
    case 'unknown':
    case 'probing':
      return ['WebGPU: not known yet'];
    case 'none':
      return ['WebGPU: absent', 'adapter: none', 'limits: none'];
    case 'no-adapter':
      return ['WebGPU: present', `adapter: none (${adapter.message})`, 'limits: none'];
    case 'no-device':
      return [
        'WebGPU: present',
        ...infoLines(adapter.info),
        `device: ${adapter.lost ? 'lost' : 'refused'} (${adapter.message})`,
      ];
    case 'ready':
      return ['WebGPU: present', ...infoLines(adapter.info)];
  }
}

function infoLines(info: AdapterInfo): string[] {
  const { description, vendor, architecture, software, features, subgroupMatrices, limits } = info;
  const matrices = subgroupMatrices.map(({ side, component }) => `${side}x${side} of ${component}`);
  return [
    `adapter: ${description || 'unnamed'}${software ? ' (software)' : ''}`,
    `vendor, architecture: ${vendor || '–'}, ${architecture || '–'}`,
    `features: ${features.length === 0 ? 'none of those wanted' : features.join(', ')}`,
    ...(matrices.length === 0 ? [] : [`subgroup matrices: ${matrices.join(', ')}`]),
    ...Object.entries(limits).map(([name, limit]) => `limit ${name}: ${limit}`),
  ];
}
