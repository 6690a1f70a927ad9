import { expect, it } from 'vitest';
import { kernel } from '../../src/gpu/kernel.ts';

const SOURCE = `// A kernel.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> table: array<f32>;
struct Place {
  @builtin(local_invocation_index) lane: u32,
}
fn twice(place: Place, value: f32) -> f32 {
  return value + value;
}
@compute @workgroup_size(64)
fn main(place: Place) {
  y[place.lane] = twice(place, x[place.lane]);
}
`;
const OTHER = `enable subgroups;
// Stands in for SOURCE's.
@group(0) @binding(7) var<storage, read> table: array<f32>;
struct Place {
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_size) size: u32,
}
fn twice(place: Place,  value: f32) -> f32 {
  return table[0] * value;
}
fn thrice(value: f32) -> f32 {
  return 3 * value;
}
`;
const other = (...names: string[]) => ({ replacements: [{ file: 'other', source: OTHER, names }] });

it('takes functions and structs from another file, with what that enables', () => {
  const variant = kernel('sample', SOURCE, 'main', other('Place', 'twice'));
  expect(variant.source).toMatch(/^enable subgroups;\n\/\/ A kernel\./);
  expect(variant.source).toContain('@builtin(subgroup_size) size: u32');
  expect(variant.source).toContain('return table[0] * value;');
  expect(variant.source).not.toContain('value + value');
  expect(variant.source).not.toContain('thrice');
});

it('gives such a kernel a key of its own, and the bindings of its own text', () => {
  const [plain, variant] = [
    kernel('sample', SOURCE, 'main'),
    kernel('sample', SOURCE, 'main', other('Place', 'twice')),
  ];
  expect(variant.key).not.toBe(plain.key);
  expect(variant.key).not.toBe(kernel('sample', SOURCE, 'main', other('Place')).key);
  expect(variant.label).toBe(plain.label);
  const places = ({ entry }: typeof plain) => entry.storage.map(({ name, binding }) => [name, binding]);
  expect(places(plain)).toEqual([
    ['x', 0],
    ['y', 1],
  ]);
  expect(places(variant)).toEqual([
    ['x', 0],
    ['y', 1],
    ['table', 2],
  ]);
});

it('adds what the replacement uses of its own file, and an entry point', () => {
  const source = `alias Half = f32;
const SIZE: u32 = 8u;
var<workgroup> shared_halves: array<Half, SIZE>;
@compute @workgroup_size(SIZE)
fn other_main(place: Place) { shared_halves[0] = Half(x[0]); }
fn twice(place: Place, value: f32) -> f32 {
  return shared_halves[SIZE - 1u]; // Not by unused.
}
fn unused() {}
`;
  const replacement = { file: 'more', source, names: ['twice'], entry: 'other_main' };
  const variant = kernel('sample', SOURCE, 'other_main', {
    replacements: [replacement],
    constants: { SIZE: 4 },
    halves: ['Half'],
  });
  expect(variant.source.startsWith('enable f16;\n')).toBe(true);
  expect(
    variant.source.endsWith(`@compute @workgroup_size(SIZE)
fn other_main(place: Place) { shared_halves[0] = Half(x[0]); }
var<workgroup> shared_halves: array<Half, SIZE>;
const SIZE: u32 = 4u;
alias Half = f16;`),
  ).toBe(true);
  expect(variant.source).toContain('return shared_halves[SIZE - 1u];');
  expect(variant.source).not.toContain('fn unused');
  expect(variant.source).not.toContain('value + value');
  expect(variant.workgroupSize).toEqual([4, 1, 1]);
});

it('takes from several files, one after the other', () => {
  const half = {
    file: 'half',
    source: 'fn twice(place: Place, value: f32) -> f32 { return half(value); }\n',
    names: ['twice'],
  };
  const more = {
    file: 'more',
    source:
      'fn twice(place: Place, value: f32) -> f32 { return half(value); }\nfn half(value: f32) -> f32 { return 0.5 * value; }\n',
    names: ['twice'],
  };
  const [both, one] = [[half, more], [half]].map((replacements) => kernel('sample', SOURCE, 'main', { replacements }));
  expect(both.source).toContain('return half(value);');
  expect(both.source).toContain('return 0.5 * value;');
  expect(both.key).not.toBe(one.key);
});

it('gives a variable the type of another file, at the same place', () => {
  const variant = kernel('sample', SOURCE, 'main', {
    replacements: [
      {
        file: 'vectors',
        source:
          '@group(0) @binding(0) var<storage, read> x: array<vec4f>;\n@group(0) @binding(3) var<storage, read> table: array<f32>;',
        names: ['x'],
      },
    ],
  });
  expect(variant.source).toContain('@binding(0) var<storage, read> x: array<vec4f>;');
  expect(variant.source).not.toContain('x: array<f32>');
  expect(variant.entry.storage[0].type).toBe('array<vec4f>');
});

it('names what a file lacks, and a signature that does not fit', () => {
  expect(() => kernel('sample', SOURCE, 'main', other('thrice'))).toThrow(
    'kernel: sample.wgsl has no declaration of thrice',
  );
  expect(() => kernel('sample', SOURCE, 'main', other('main'))).toThrow(
    'kernel: other.wgsl has no declaration of main',
  );
  expect(() => kernel('sample', SOURCE, 'main', other('table'))).toThrow(
    'kernel: other.wgsl has "@group(0) @binding(7) var<storage, read> table", needs "@group(0) @binding(2) var<storage, read> table" for sample.wgsl',
  );
  const differs = SOURCE.replace('value: f32) -> f32', 'value: f32, n: u32) -> f32');
  expect(() => kernel('another', differs, 'main', other('twice'))).toThrow(
    'kernel: other.wgsl has "fn twice(place: Place, value: f32) -> f32", needs "fn twice(place: Place, value: f32, n: u32) -> f32" for another.wgsl',
  );
});
