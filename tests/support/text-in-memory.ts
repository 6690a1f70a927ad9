import type { KeptText } from '../../src/data/kept-text.ts';

/** A kept text that a test can look at and change. */
export function textInMemory(text: string | null = null): KeptText & { text: string | null } {
  return {
    text,
    async read() {
      return this.text;
    },
    async write(other) {
      this.text = other;
    },
  };
}
