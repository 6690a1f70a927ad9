import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fieldsTable } from '../support/fields-table.ts';

it('docs/settings.md holds the table that the fields themselves write', () => {
  expect(readFileSync('docs/settings.md', 'utf8')).toContain(fieldsTable());
});
