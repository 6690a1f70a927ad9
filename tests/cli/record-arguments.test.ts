import { expect, test } from 'vitest';
import { decodeQuery, linkComplaints } from '../../src/config/codec/decode.ts';
import { parseRecordArguments } from '../../src/cli/record/arguments.ts';

test('what is recorded is a link that states every setting once', () => {
  const { config, query, out } = parseRecordArguments(['--config', 'p=micro&st=900&sd=3', '--steps', '40']);
  expect([config.training.steps, config.training.seed, out]).toEqual([40, 3, 'public/recording.json']);
  const link = decodeQuery(query);
  expect(linkComplaints(link)).toEqual([]);
  expect(link).toMatchObject({ config, preset: 'micro' });
  expect(parseRecordArguments([]).config.training.steps).toBe(300);
});

test('a command line that is not understood is refused by the option', () => {
  expect(() => parseRecordArguments(['--size', '3'])).toThrow('--size: is not an option; known are --config');
  expect(() => parseRecordArguments(['--steps', '1.5'])).toThrow(
    '--steps: given "1.5", needs a whole number from 1 up',
  );
  expect(() => parseRecordArguments(['--config', 'p=micro&zz=1'])).toThrow(/^--config: .*zz/);
});
