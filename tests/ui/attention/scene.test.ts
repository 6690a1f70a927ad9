import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { keyAt, laneOf, streamsOf } from '../../../src/ui/attention/scene.ts';
import { plausibleInspection } from '../support/fake-inspection.ts';

const { model } = decodeQuery('p=micro&h=1_4-s2&n=64').config;
const TEXT = encodeText('Call me Ishmael. Some years ago, never mind how long precisely.');
const streams = streamsOf(plausibleInspection(model, TEXT), { layer: 0, hierarchy: 1, head: 'avg' });
const lanesAt = (query: number) => streams.map((stream) => laneOf(stream, query));

test('the key at a place in the lanes is one of the query that they are of', () => {
  const place = { hierarchy: 1, byte: 30 };
  const keys = [41, 38, 31, 30].map((query) => keyAt(lanesAt(query), place)?.bin);
  expect(keys.map((bin) => [bin?.token, bin?.index])).toEqual([
    [16, 2],
    [15, 2],
    [15, 0],
    [15, 0],
  ]);
});

test('there is no key after the query, in the bytes that a strided hierarchy has not read, or without the hierarchy', () => {
  expect(keyAt(lanesAt(12), { hierarchy: 0, byte: 30 })).toBeNull();
  expect(keyAt(lanesAt(31), { hierarchy: 1, byte: 31 })).toBeNull();
  expect(keyAt(lanesAt(41).slice(0, 1), { hierarchy: 1, byte: 30 })).toBeNull();
});
