import { expect, test } from 'vitest';
import { runFields } from '../../../src/config/fields.ts';
import { groups } from '../../../src/ui/form/groups.ts';

test('the form shows every setting once; the text has its own panel', () => {
  const shown = groups.flatMap(({ fields, more }) => [...fields, ...more]);

  expect(['dataset', ...shown].sort()).toEqual(runFields.map(({ name }) => name).sort());
});
