import { cpus, release, type } from 'node:os';

/** Processor, operating system and runtime, in words. */
export function machineName(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  return `${processors.length} x ${model}, ${type()} ${release().split('-')[0]}, Node ${process.versions.node}`;
}
