import { expect, it } from 'vitest';
import { kernel } from '../../src/gpu/kernel.ts';
import { reflect } from '../../src/gpu/reflect.ts';

const SOURCE = `
// @group(0) @binding(9) var<storage, read> commented: array<f32>;
override LANES: u32 = 8u;
const WIDTH: u32 = 4u;
struct Params { count: u32, scale: f32, shift: i32, }
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<storage, read_write> other: array<u32>;
@group(0) @binding(2) var<uniform> params: Params;
fn helper(i: u32) -> f32 { if (i > 3u) { return x[i]; } return params.scale; }
@compute @workgroup_size(LANES, 2) fn first(@builtin(global_invocation_id) id: vec3u) { y[id.x] = helper(id.x); }
@compute @workgroup_size(64) fn second() { other[0] = WIDTH; }
`;

it('finds the bindings that an entry point uses, also through functions it calls', () => {
  const first = reflect(SOURCE).entryPoints.get('first')!;
  expect(first.storage.map(({ name, binding, kind }) => [name, binding, kind])).toEqual([
    ['x', 0, 'read'],
    ['y', 1, 'read_write'],
  ]);
  expect(first.uniform?.fields).toEqual([
    { name: 'count', type: 'u32' },
    { name: 'scale', type: 'f32' },
    { name: 'shift', type: 'i32' },
  ]);
});

it('lets two entry points use one binding number for different variables', () => {
  const second = reflect(SOURCE).entryPoints.get('second')!;
  expect(second.storage.map(({ name }) => name)).toEqual(['other']);
  expect(second.uniform).toBeNull();
});

it('refuses a uniform that holds more than 4-byte scalars', () => {
  const source = `struct P { a: vec4f, }\n@group(0) @binding(0) var<uniform> p: P;\n@compute @workgroup_size(1) fn f() { _ = p; }`;
  expect(() => reflect(source)).toThrow('reflect: P.a is vec4f, needs u32, i32 or f32');
});

it('rewrites constants by name and reads the workgroup size of a variant', () => {
  const variant = kernel('sample', SOURCE, 'first', { overrides: { LANES: 16 }, constants: { WIDTH: 7 } });
  expect(variant.source).toContain('const WIDTH: u32 = 7u;');
  expect(variant.workgroupSize).toEqual([16, 2, 1]);
  expect(kernel('sample', SOURCE, 'first').workgroupSize).toEqual([8, 2, 1]);
  expect(variant.key).not.toBe(kernel('sample', SOURCE, 'first').key);
});

it('names an entry point, override or constant that a file does not have', () => {
  expect(() => kernel('sample', SOURCE, 'third')).toThrow('kernel: sample.wgsl has no entry point third');
  expect(() => kernel('sample', SOURCE, 'first', { overrides: { LANE: 1 } })).toThrow(
    'kernel: sample.wgsl has no override LANE',
  );
  expect(() => kernel('sample', SOURCE, 'first', { constants: { HEIGHT: 1 } })).toThrow('no line "const HEIGHT');
});
