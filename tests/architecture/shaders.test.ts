import { expect, test } from 'vitest';
import { SUBGROUP_MATRIX_FEATURE } from '../../src/gpu/subgroup-matrix.ts';
import { gpu } from '../support/gpu.ts';
import { nullGpu } from '../support/null-gpu.ts';
import { shaders } from '../support/sources.ts';

// Safari of before autumn 2026 makes shaders of it that do not compile, or are wrong (https://bugs.webkit.org/show_bug.cgi?id=323543).
test('no array is made by the name of an alias: `var sums: Sums;` is zero as well', () => {
  const made = shaders.flatMap(([path, code]) =>
    [...code.matchAll(/^alias (\w+) = array</gm)].flatMap(([, name]) =>
      code
        .split('\n')
        .flatMap((line, at) => (line.includes(`${name}(`) ? [`shaders/${path}:${at + 1} ${line.trim()}`] : [])),
    ),
  );
  expect(made).toEqual([]);
});

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
