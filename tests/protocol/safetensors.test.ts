import { expect, it } from 'vitest';
import { readSafetensors, readTensorOf, withTensors, writeSafetensors } from '../../src/protocol/safetensors.ts';
import type { StoredTensor } from '../../src/protocol/safetensors.ts';

function file(header: string, dataBytes: number): ArrayBuffer {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes.buffer;
}

it('reads arrays by name, wherever they lie', () => {
  const header =
    '{"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"n":{"dtype":"I32","shape":[],"data_offsets":[0,4]}}';
  const buffer = file(header, 12);
  const view = new DataView(buffer, 8 + header.length);
  view.setInt32(0, -7, true);
  view.setFloat32(4, 1.5, true);
  view.setFloat32(8, -2, true);
  const { tensors, metadata } = readSafetensors(buffer);
  expect([...tensors.get('x')!.data]).toEqual([1.5, -2]);
  expect([...tensors.get('n')!.data]).toEqual([-7]);
  expect(metadata).toEqual({ a: 'b' });
});

it.each([
  ['a file of three bytes', new ArrayBuffer(3), 'given 3 bytes, needs at least 8'],
  ['a header longer than the file', file('{}', 0).slice(0, 9), 'the header claims 2 bytes'],
  ['a header that is no JSON', file('{"x"', 0), 'its header is no JSON'],
  ['a header that is null', file('null', 0), 'its header is no list of arrays'],
  ['a header that is a list', file('[]', 0), 'its header is no list of arrays'],
  ['metadata that is no text', file('{"__metadata__":{"step":3}}', 0), 'its metadata is no list of texts'],
  ['an array that is null', file('{"x":null}', 4), 'its array "x" lacks a type, a shape or a place'],
  ['an array without a place', file('{"x":{"dtype":"F32","shape":[1]}}', 4), 'its array "x" lacks'],
  ['a shape that is none', file('{"x":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}', 4), 'its array "x" lacks'],
  [
    'a place before the arrays',
    file('{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}', 4),
    'its array "x" lacks a type, a shape or a place',
  ],
  [
    'a place that ends before it begins',
    file('{"x":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}}', 4),
    'its array "x" lacks a type, a shape or a place',
  ],
  ['a type that we do not know', file('{"x":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}', 1), '"x" has type F8'],
  [
    'data that is cut off',
    file('{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}', 12),
    '"x" has shape [4] but bytes 0 to 16 of 12',
  ],
  [
    'a shape that does not fit',
    file('{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}', 16),
    '"x" has shape [3]',
  ],
])('names what is wrong with %s', (_name, buffer, message) => {
  expect(() => readSafetensors(buffer)).toThrow(message);
});

const head = (arrays: object, start: number) => ({ metadata: {}, arrays: arrays as never, start });

it('takes more arrays after those of a file, which stay where they are', async () => {
  const own = { dtype: 'F32' as const, shape: [3], data: Float32Array.of(1, 2, 3) };
  const added = { dtype: 'F64' as const, shape: [2], data: Float64Array.of(0.1, -7) };
  const [start, ...arrays] = writeSafetensors(new Map([['own', own]]), { a: 'b' });
  const entries = { own: { dtype: 'F32', shape: [3], data_offsets: [0, 12] } };
  const both = withTensors(new Blob([start, ...arrays]), head(entries, start.length), new Map([['added', added]]), {
    a: 'c',
  });
  const { tensors, metadata } = readSafetensors(await both.arrayBuffer());
  expect(metadata).toEqual({ a: 'c' });
  expect(Object.fromEntries(tensors)).toEqual({ own, added });
});

it('reads one array of a file, and names one that is not there', async () => {
  const own = { dtype: 'U32' as const, shape: [2], data: Uint32Array.of(5, 6) };
  const first = { dtype: 'F32' as const, shape: [1], data: Float32Array.of(7) };
  const [start, ...data] = writeSafetensors(
    new Map<string, StoredTensor>([
      ['first', first],
      ['own', own],
    ]),
    {},
  );
  const entries = head(
    {
      first: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      own: { dtype: 'U32', shape: [2], data_offsets: [4, 12] },
    },
    start.length,
  );
  const blob = new Blob([start, ...data]);
  expect(await readTensorOf(blob, entries, 'first')).toEqual(first);
  expect(await readTensorOf(blob, entries, 'own')).toEqual(own);
  await expect(readTensorOf(blob, entries, 'other')).rejects.toThrow('"other" is missing');
  await expect(readTensorOf(blob.slice(0, blob.size - 1), entries, 'own')).rejects.toThrow('"own" has shape [2]');
});
