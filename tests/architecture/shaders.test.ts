import { expect, test } from 'vitest';
import { readFunctions, withoutComments } from '../../src/gpu/reflect.ts';
import { SUBGROUP_MATRIX_FEATURE } from '../../src/gpu/subgroup-matrix.ts';
import { gpu } from '../support/gpu.ts';
import { nullGpu } from '../support/null-gpu.ts';
import { shaders } from '../support/sources.ts';

test('every file of shaders is valid WGSL on its own, on a device with no more than it enables', async () => {
  const adapter = await (await gpu()).requestAdapter();
  const plain = await adapter!.requestDevice();
  const extended = await (await (await gpu()).requestAdapter())!.requestDevice({ requiredFeatures: ['subgroups'] });
  const requiredFeatures = ['subgroups', SUBGROUP_MATRIX_FEATURE] as GPUFeatureName[];
  const experimental = await (await nullGpu.requestAdapter())!.requestDevice({ requiredFeatures });
  const compiled = shaders.map(async ([path, code]) => {
    const [device] = [
      code.includes('enable chromium_experimental_subgroup_matrix;') && experimental,
      code.startsWith('enable subgroups;') && extended,
      plain,
    ].filter((each) => each !== false);
    // Scoped, because an invalid module is also an error of the device that nobody handles.
    device.pushErrorScope('validation');
    const info = device.createShaderModule({ code, label: path }).getCompilationInfo();
    await device.popErrorScope();
    const errors = (await info).messages.filter((message) => message.type === 'error');
    return errors.map((error) => `shaders/${path}:${error.lineNum}:${error.linePos} ${error.message}`);
  });

  expect((await Promise.all(compiled)).flat()).toEqual([]);
  expect(shaders.length).toBeGreaterThan(0);
});

/** What `pattern` finds in the code of each file of shaders, with the file. */
function findings(pattern: RegExp): string[] {
  return shaders.flatMap(([path, text]) =>
    [...withoutComments(text).matchAll(pattern)].map(([found]) => `shaders/${path}: ${found}`),
  );
}

// https://bugs.webkit.org/show_bug.cgi?id=323543
test('no array is made by the name of an alias, which Safari up to 26 miscompiles', () => {
  // Of all files together, because files exchange declarations.
  const aliases = shaders.flatMap(([, text]) => [...text.matchAll(/^alias (\w+) = array</gm)].map(([, name]) => name));

  expect(aliases.length).toBeGreaterThan(0);
  expect(findings(new RegExp(`\\b(?:${aliases.join('|')})\\(`, 'g'))).toEqual([]);
});

test('what a shader asks to be finite is loaded right there, since of arithmetic a compiler may assume it', () => {
  const asked = findings(/(?<!fn )\bis_finite\(.*/g);

  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((each) => !/is_finite\(\w+\[[^\]]+\]\)/.test(each))).toEqual([]);
});

test('no shader has atomics, which a driver for Mali gets wrong and no check of kernels would find', () => {
  expect(findings(/\batomic\w*[<(]/g)).toEqual([]);
});

test('loops over what an invocation of attention holds have a constant as their whole condition', () => {
  const [, attention] = shaders.find(([path]) => path === 'attention.wgsl')!;
  const functions = readFunctions(withoutComments(attention));
  const loops = ['load', 'stage_block', 'stage_tile', 'score', 'add_rows', 'forward', 'store'].flatMap((name) => [
    ...functions.get(name)!.text.matchAll(/\bfor \(var (\w+) = 0u; ([^;]*); \1\+\+\)/g),
  ]);

  expect(loops.length).toBeGreaterThan(0);
  // Tint adds a 64-bit count of turns to every other loop.
  expect(loops.filter(([, index, condition]) => !new RegExp(`^${index} < [A-Z\\d_u/* ]+$`).test(condition))).toEqual(
    [],
  );
});

test('nothing is divided by lanes or the size of subgroups, which are powers of two that only a run knows', () => {
  expect(findings(/[%/]=?\s*(?:params\.)?lanes\b.*|[%/]=?\s*(?:\w+\.)?subgroup_size\b.*/g)).toEqual([]);
});

test('places in workgroup memory of products and attention are not multiplied out, since a browser checks each index anew', () => {
  // An index of its own for each loop and each lane leaves constants to a compiler that has written the loops out, and one check of
  // a lane's place; one index for all is computed and checked at every access: 758 instead of 636 instructions a turn on RDNA 2.
  const tiled = shaders.filter(([path]) => /^(attention|attention-backward|\w+(-\w+)*-tiled|planes)\.wgsl$/.test(path));
  const indices = tiled.flatMap(([path, text]) =>
    [...withoutComments(text).matchAll(/\b(?:left|right|of_block|of_tile|weights|partial)((?:\[[^\]]*\])+)/g)].map(
      ([, index]) => `${path}: ${index}`,
    ),
  );

  expect(indices.length).toBeGreaterThan(20);
  expect(indices.filter((index) => index.includes('*'))).toEqual([]);
  expect(indices.filter((index) => !/\]\[/.test(index))).toEqual([]);
});
