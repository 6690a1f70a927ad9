import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { curveSteps, packCurve, unpackCurve } from '../../../src/config/codec/curve-bytes.ts';
import type { RunCurve } from '../../../src/config/codec/curve-bytes.ts';
import { withoutRuns } from '../../../src/config/codec/compared-keys.ts';
import { withCurve } from '../../../src/config/codec/curve-key.ts';
import { decodeCurve, encodeCurve } from '../../../src/config/codec/curve-text.ts';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { seededRandom } from '../random-config.ts';

/** A run that learns, validated at every third point, with some noise left by the smoothing. */
function learning(lastStep: number): RunCurve {
  const random = seededRandom(lastStep);
  const train = curveSteps(lastStep).map((step) => 2.4 + 5.6 * Math.exp(-step / 60) + 0.02 * random());
  return {
    lastStep,
    seconds: 93.25,
    train,
    validation: train.map((bits, at) => (at % 3 === 2 ? bits + 0.1 : NaN)),
    recon: train.map((bits) => bits / 2),
  };
}

const asText = (bytes: Uint8Array): string => deflateRawSync(bytes).toString('base64url');

test('the points of a curve are all steps of a short run, else 128 different ones from the first to the last', () => {
  expect([...curveSteps(1)]).toEqual([1]);
  expect([...curveSteps(5)]).toEqual([1, 2, 3, 4, 5]);
  for (const last of [128, 129, 300, 100_000]) {
    const steps = curveSteps(last);
    expect([steps.length, new Set(steps).size, steps[0], steps.at(-1)]).toEqual([128, 128, 1, last]);
  }
});

test.each([1, 7, 128, 300, 2000])('a curve of %i steps comes back to a four-thousandth, gaps and all', async (last) => {
  const sent = learning(last);
  const text = await encodeCurve(sent);
  const back = await decodeCurve(text);

  if (typeof back === 'string') throw new Error(back);
  expect([back.lastStep, back.seconds]).toEqual([last, 93.25]);
  for (const name of ['train', 'validation', 'recon'] as const) {
    expect(Array.from(back[name], Number.isNaN)).toEqual(Array.from(sent[name], Number.isNaN));
    const errors = back[name].map((value, at) => Math.abs(value - sent[name][at])).filter((error) => error >= 0);
    expect(Math.max(0, ...errors)).toBeLessThanOrEqual(1 / 4096);
  }
  expect(text).toMatch(/^[\w-]+$/);
  expect(text.length).toBeLessThan(900);
});

test('what is out of range is sent as the nearest value, and what is no number not at all', async () => {
  const values = Float64Array.of(1e9, -3, NaN, Infinity);
  const back = await decodeCurve(
    await encodeCurve({ lastStep: 4, seconds: 1e12, train: values, validation: values, recon: values }),
  );

  expect(back).toMatchObject({ seconds: 0xffffffff / 100, train: Float64Array.of(0xffff / 2048, 0, NaN, NaN) });
});

test('a text that is no curve is refused with a reason, and a bomb before it is unpacked', async () => {
  const bytes = packCurve(learning(300));
  const newer = Uint8Array.from(bytes);
  newer[0] = 2;
  const reasons: [text: string, reason: string][] = [
    ['', 'is no curve'],
    ['a+b', 'is no curve'],
    ['x'.repeat(20_000), 'is no curve'],
    ['__proto__', 'cannot be unpacked'],
    ['AAAA', 'cannot be unpacked'],
    [asText(Buffer.alloc(500_000)), 'cannot be unpacked'],
    [asText(bytes).slice(0, -20), 'cannot be unpacked'],
    [asText(bytes.subarray(0, 5)), 'is cut short'],
    [asText(bytes.subarray(0, 40)), 'is cut short'],
    [asText(bytes.subarray(0, -1)), 'is cut short'],
    [asText(Buffer.concat([bytes, Buffer.alloc(1)])), 'is longer than it says'],
    [asText(newer), 'was made by a newer version'],
    [asText(Buffer.alloc(9)), 'is no curve'],
    [asText(Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0])), 'has no step'],
  ];

  expect(reasons.find(([text]) => text.length > 300 && text.length < 1200)).toBeDefined();
  for (const [text, reason] of reasons)
    expect([text.slice(0, 40), await decodeCurve(text)]).toEqual([text.slice(0, 40), reason]);
});

test('any bytes at all are either refused or a curve of finite values and gaps', () => {
  const random = seededRandom(3);
  let curves = 0;
  for (let round = 0; round < 3000; round++) {
    const bytes = Uint8Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256));
    // Most are made to look like one.
    if (round % 4 > 0 && bytes.length > 9) bytes.set([1, 1 + (round % 9), 0, 0, 0]);
    const curve = unpackCurve(bytes);
    if (typeof curve === 'string') continue;
    curves++;
    expect([...curve.train, ...curve.validation, ...curve.recon].filter((value) => value < 0 || value > 32)).toEqual(
      [],
    );
  }
  expect(curves).toBeGreaterThan(10);
});

test('a curve is a known key beside the configuration, which reads as it would without it', async () => {
  const query = 'v=1&p=two&b=4';
  const curve = await encodeCurve(learning(300));
  const link = withCurve(query, curve);

  expect(decodeQuery(link)).toEqual({ ...decodeQuery(query), curve });
  expect(decodeQuery(withCurve('', curve))).toEqual({ ...decodeQuery(''), curve });
  expect([withoutRuns(link), withoutRuns(`r=1&${query}`), withoutRuns(withCurve('', curve))]).toEqual([
    query,
    query,
    '',
  ]);
  expect(withoutRuns('rw=0.5&lr=1e-3')).toBe('rw=0.5&lr=1e-3');
});

test('a second curve is reported, and only the first counts', () => {
  const { curve, problems, ignored } = decodeQuery('r=abc&r=def');

  expect(curve).toBe('abc');
  expect(problems.map(({ key, given }) => [key, given])).toEqual([['r', 'def']]);
  expect(ignored).toEqual([]);
});
