import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { alterWorker } from './support/alter-worker.ts';

let browser: Browser;

beforeAll(async () => {
  // A name that is not localhost has no secure origin without https.
  browser = await launchChromium({ args: ['--host-resolver-rules=MAP strata.test 127.0.0.1'] });
});

afterAll(() => browser?.close());

/** That nothing can be trained. */
const noTraining = ({ page }: Visit): Locator =>
  page.getByRole('note').filter({ hasText: 'Everything but training works' });

/** What the page says stands in the way, and beside the disabled Train. */
async function obstacle(visit: Visit): Promise<{ title: string | null; text: string | null; reason: string | null }> {
  expect(await visit.train.isDisabled()).toBe(true);
  const notice = noTraining(visit);
  const describedBy = await visit.train.getAttribute('aria-describedby');
  return {
    title: await notice.getByRole('heading').textContent(),
    text: await notice.textContent(),
    reason: await visit.page.locator(`#${describedBy}`).textContent(),
  };
}

/** What the notice's button puts on the clipboard, line by line. */
async function copiedDiagnostics(visit: Visit, notice = noTraining(visit)): Promise<string[]> {
  const { page } = visit;
  // Pages without https have no clipboard to read: what is copied is what is selected in a field.
  await page.evaluate(() => {
    const copied: string[] = [];
    document.addEventListener('copy', () => {
      const { activeElement } = document;
      copied.push(activeElement instanceof HTMLTextAreaElement ? activeElement.value : '');
    });
    if (isSecureContext) navigator.clipboard.writeText = (text) => Promise.resolve(void copied.push(text));
    Object.assign(globalThis, { copied });
  });
  const folded = notice.locator('details:not([open]) > summary');
  if ((await folded.count()) > 0) await folded.click();
  await notice.getByRole('button', { name: 'Copy diagnostics' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => (globalThis as unknown as { copied: string[] }).copied);
  expect(copied).toHaveLength(1);
  const lines = copied[0].split('\n');
  expect(lines[0]).toBe(`user agent: ${await page.evaluate(() => navigator.userAgent)}`);
  return lines;
}

test('a browser without WebGPU is told which ones have it', async () => {
  const visit = await openPage(browser, {
    prepare: async (page) => {
      await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'gpu'));
      await alterWorker(page, 'delete WorkerNavigator.prototype.gpu;');
    },
  });
  await visit.state('none');
  const { title, text, reason } = await obstacle(visit);

  expect(title).toBe('This browser has no WebGPU');
  expect(text).toMatch(/Chrome and Edge from 113/);
  expect(text).not.toMatch(/https/);
  expect(reason).toBe('This browser has no WebGPU.');
  expect(await copiedDiagnostics(visit)).toEqual(
    expect.arrayContaining(['isSecureContext: true', 'WebGPU: absent', 'adapter: none', 'limits: none']),
  );
  await visit.shoot('10-no-webgpu', 'everywhere');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a page without https is told that this is why there is no WebGPU', async () => {
  const { port } = new URL(inject('pageUrl'));
  const visit = await openPage(browser, { url: `http://strata.test:${port}/` });
  await visit.state('none');

  expect((await obstacle(visit)).text).toMatch(/opened without https/);
  await noTraining(visit).getByText('Open its https address').waitFor();
  expect(await copiedDiagnostics(visit)).toEqual(
    expect.arrayContaining(['isSecureContext: false', 'WebGPU: absent', 'adapter: none', 'limits: none']),
  );
  await visit.shoot('11-insecure');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('WebGPU without an adapter is told apart from no WebGPU', async () => {
  const visit = await openPage(browser, {
    prepare: (page) => alterWorker(page, 'GPU.prototype.requestAdapter = () => Promise.resolve(null);'),
  });
  await visit.state('no-adapter');
  const { title, reason } = await obstacle(visit);

  expect(title).toBe('Your browser supports WebGPU but offers no adapter');
  expect(reason).toBe('The browser offers no GPU adapter.');
  expect(await copiedDiagnostics(visit)).toEqual(
    expect.arrayContaining([
      'isSecureContext: true',
      'WebGPU: present',
      'adapter: none (WebGPU is there, but it offers no adapter.)',
      'limits: none',
    ]),
  );
  await visit.shoot('14-adapter-null', 'everywhere');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('an adapter that refuses a device is quoted', async () => {
  const refusal = 'requested limit maxBufferSize 2147483648 is over 1073741824';
  const visit = await openPage(browser, {
    prepare: (page) =>
      alterWorker(page, `GPUAdapter.prototype.requestDevice = () => Promise.reject(new TypeError('${refusal}'));`),
  });
  await visit.state('limits');
  const { title, text, reason } = await obstacle(visit);

  expect(title).toBe('The GPU adapter is too small or cannot be opened');
  expect(text).toContain(refusal);
  expect(reason).toBe('The GPU adapter cannot be used.');
  const lines = await copiedDiagnostics(visit);
  expect(lines).toEqual(
    expect.arrayContaining([
      'isSecureContext: true',
      'WebGPU: present',
      `device: refused (The adapter refused a device: TypeError: ${refusal})`,
    ]),
  );
  expect(lines.join('\n')).toMatch(/^adapter: .*\(software\)$/m);
  expect(lines.filter((line) => /^limit max(BufferSize|StorageBufferBindingSize): \d{8,}$/.test(line))).toHaveLength(2);
  await visit.shoot('12-no-device');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('kernels that are wrong on a GPU are replaced before the first step, and the page says so, on the next visit too', async () => {
  const visit = await openPage(browser, {
    prepare: (page) =>
      alterWorker(
        page,
        `
        const told = { vendor: 'some', architecture: 'gpu', description: 'Some GPU', isFallbackAdapter: false };
        for (const [name, value] of Object.entries(told))
          Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => value });
        const createShaderModule = GPUDevice.prototype.createShaderModule;
        GPUDevice.prototype.createShaderModule = function (descriptor) {
          const code = descriptor.code.replace('let shrink = exp(', 'let shrink = 1.5 * exp(');
          return createShaderModule.call(this, { ...descriptor, code });
        };
        `,
      ),
    query: '?p=micro',
  });
  await visit.state('ready');
  await visit.train.click();
  await visit.state('training');
  const notice = visit.page.getByRole('note').filter({ hasText: 'Some kernels are wrong on this GPU' });

  expect(await notice.textContent()).toMatch(
    /Attention kernels by tiles for heads of width 16 differ from the plain kernel in \w+ by/,
  );
  expect(await visit.page.getByRole('note').filter({ hasText: 'Software GPU' }).count()).toBe(0);
  await visit.shoot('15-wrong-kernels');
  const earlier = 'kernels measured and checked: on an earlier visit';
  const first = await copiedDiagnostics(visit, notice);
  expect(first).not.toContain(earlier);
  await visit.page.waitForFunction(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('kernels', { create: true });
    const file = await folder.getFileHandle('choices.json', { create: true });
    return (await (await file.getFile()).text()).endsWith(']');
  });

  await visit.page.reload();
  await visit.state('ready');
  await visit.train.click();
  await visit.state('training');
  const lines = await copiedDiagnostics(visit, notice);
  expect(lines.filter((line) => line !== earlier)).toEqual(first);
  expect(lines).toContain(earlier);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a worker that cannot be loaded is said, and is loaded again without training what nobody asked for', async () => {
  const visit = await openPage(browser, {
    prepare: (page) => page.route('**/assets/worker-*.js', (route) => route.fulfill({ status: 404, body: '' })),
  });
  await visit.state('failed');
  await visit.shoot('13-no-worker');
  await visit.page.unroute('**/assets/worker-*.js');
  await visit.page.getByRole('button', { name: 'Load it again' }).click();
  await visit.state('software');
  await visit.train.click();
  await visit.state('training');

  expect(visit.foreignRequests).toEqual([]);
  await visit.close();
});
