import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { captureName } from '../../../src/ui/attention/pin.ts';
import { plausibleInspection } from '../support/fake-inspection.ts';

const inspection = plausibleInspection(presetConfig('micro').model, encodeText('abc'));

test('a capture is named by its step, and by its run when that is another one', () => {
  const runs = [{ id: 2, name: 'calm owl' }];
  expect(captureName({ runId: 3, step: 50, inspection }, 3, runs)).toBe('step 50');
  expect(captureName({ runId: 2, step: 50, inspection }, 3, runs)).toBe('step 50 of calm owl');
  expect(captureName({ runId: 0, step: 50, inspection }, 3, runs)).toBe('step 50 of the recorded run');
  // One that was deleted.
  expect(captureName({ runId: 1, step: 50, inspection }, 3, runs)).toBe('step 50 of an earlier run');
});
