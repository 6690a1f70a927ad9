import { fileURLToPath } from 'node:url';

/** What the reference computed, for the tests. */
export const GOLDEN_FOLDER = fileURLToPath(new URL('../golden', import.meta.url));
