import { create } from 'webgpu';
import { oncePerProcess } from './once-per-process.ts';

/**
 * Dawn's adapter that computes nothing, offers every feature, and refuses shaders that are not valid. It is never let go: Dawn
 * crashes when it is collected while one of its devices lives.
 */
export const nullGpu = oncePerProcess('null gpu', () =>
  create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']),
);
