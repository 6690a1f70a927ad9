import { useRun } from '../session.ts';

/** False once it is known that nothing can be trained here, whatever is changed on the page. */
export function useHasGpu(): boolean {
  return useRun(({ adapter: { state } }) => state !== 'none' && state !== 'no-adapter' && state !== 'no-device');
}
