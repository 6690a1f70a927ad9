import { expect, test } from 'vitest';
import { CompareTab } from '../../../src/ui/compare/CompareTab.tsx';
import { markup, READY, shown } from '../support/render.tsx';

test('where nothing can be trained Compare says so, and has no button that does nothing', () => {
  const message = 'This browser has no WebGPU.';
  const without = { adapter: { state: 'none' as const, message } };
  expect(shown(<CompareTab />, without)).toContain(`none can be trained: ${message} A link with a curve`);
  expect(markup(<CompareTab />, without)).not.toContain('disabled');
  expect(shown(<CompareTab />, READY)).toContain('Train the first run');
});
