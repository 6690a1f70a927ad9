import { create } from 'webgpu';

/** Dawn's adapter that computes nothing, offers every feature, and refuses shaders that are not valid. */
export const nullGpu = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']);
// Dawn crashes when it is collected while one of its devices lives.
Object.assign(globalThis, { nullGpu });
