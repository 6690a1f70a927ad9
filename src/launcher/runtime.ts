import { createRequire } from 'node:module';
import process from 'node:process';

/** Names Node, the machine's kind, and the package that brings Dawn, with their versions. */
export function nodeRuntime(): string {
  const { version } = createRequire(import.meta.url)('webgpu/package.json') as { version: string };
  return `Node ${process.version} ${process.platform} ${process.arch}, webgpu ${version}`;
}
