import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { cachedFolder } from './cache.ts';

// The package's `inflate` writes into the temporary folder, which a process of its own can have to itself.
const INFLATE = `
  const [library, ...archives] = process.argv.slice(1);
  const { inflate } = await import(library);
  await Promise.all(archives.map((archive) => inflate(archive)));
`;

// fonts.conf of the package names the folders of a cloud function; this one names the folder beside itself.
const FONTS_CONF = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`;

/** Entry file of `@sparticuz/chromium`, or null where it is not installed or has no binaries for this machine. */
function packageEntry(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  try {
    return createRequire(import.meta.url).resolve('@sparticuz/chromium');
  } catch {
    return null;
  }
}

async function unpack(name: string, archives: string[], finish?: (folder: string) => Promise<void>) {
  const entry = packageEntry();
  if (!entry) return null;
  const root = join(dirname(entry), '..');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return cachedFolder(`${name}-${version}`, async (folder) => {
    const paths = archives.map((archive) => join(root, 'bin', archive));
    const args = ['--input-type=module', '--eval', INFLATE, pathToFileURL(entry).href, ...paths];
    await promisify(execFile)(process.execPath, args, { env: { PATH: process.env.PATH, TMPDIR: folder } });
    await finish?.(folder);
  });
}

/** Folder with `libvk_swiftshader.so`, its ICD json and `libvulkan.so.1` out of the npm package, or null. */
export function packagedSwiftShader(): Promise<string | null> {
  return unpack('swiftshader', ['swiftshader.tar.br']);
}

/** Folder with the npm package's `chromium`, the libraries beside it, `al2023/lib` (NSS) and `fonts`, or null. */
export function packagedChromium(): Promise<string | null> {
  const archives = ['chromium.br', 'swiftshader.tar.br', 'al2023.tar.br', 'fonts.tar.br'];
  return unpack('chromium', archives, (folder) => writeFile(join(folder, 'fonts', 'fonts.conf'), FONTS_CONF));
}
