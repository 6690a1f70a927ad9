import { fnv1a64 } from '../../random/hash.ts';

/**
 * Raise it whenever an earlier choice of kernels should not count any more although no shader has changed: when they are
 * dispatched, timed, or checked in another way.
 */
const CHOOSING = 10;

const SHADERS = import.meta.glob<string>(['../../../shaders/*.wgsl', '!../../../shaders/bench-*.wgsl'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Equal as long as a choice of kernels says something about the kernels of this program; `shaders` are its own but for tests. */
export function kernelFingerprint(shaders: Readonly<Record<string, string>> = SHADERS): string {
  return fnv1a64(JSON.stringify([CHOOSING, shaders])).toString(16);
}
