import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChromiumOptions, launchChromium } from '../../src/launcher/chromium.ts';
import { double } from './double.ts';
import doubleWgsl from './double.wgsl?raw';

const server = createServer((_, response) => {
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>test</title>');
});
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  address = `http://localhost:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Evaluates `expression` in a page of a secure origin. */
async function inPage(expression: string, options?: ChromiumOptions): Promise<unknown> {
  const browser = await launchChromium(options);
  try {
    const page = await browser.newPage();
    await page.goto(address);
    return await page.evaluate(expression);
  } finally {
    await browser.close();
  }
}

test('a page in Chromium executes WGSL on an adapter', async () => {
  const numbers = Array.from({ length: 1001 }, (_, index) => index);
  const call = `(${double.toString()})(navigator.gpu, ${JSON.stringify(doubleWgsl)}, ${JSON.stringify(numbers)})`;

  expect(await inPage(call)).toEqual(numbers.map((number) => 2 * number));
});

test('a page in Chromium without the WebGPU switch has no adapter', async () => {
  expect(await inPage('navigator.gpu.requestAdapter()', { webgpu: false })).toBeNull();
});
