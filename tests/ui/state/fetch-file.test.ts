import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fetchFile } from '../../../src/ui/state/fetch-file.ts';
import { startFileServer, type FileServer } from '../../data/file-server.ts';

let server: FileServer;
beforeEach(async () => {
  server = await startFileServer();
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

test('a file comes whole, and is counted on the way', async () => {
  server.answer((_, response) => response.end('all of it'));
  const received: number[] = [];
  const file = await fetchFile(server.url, (count) => received.push(count));
  expect(await file.text()).toBe('all of it');
  expect(received.at(-1)).toBe(9);
});

test('a server that has no such file is quoted', async () => {
  server.answer((_, response) => response.writeHead(404).end());
  await expect(fetchFile(server.url, () => {})).rejects.toThrow('the server answered 404');
});

test('a connection that breaks, or is not there, is said', async () => {
  server.answer((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('part', () => response.destroy());
  });
  await expect(fetchFile(server.url, () => {})).rejects.toThrow('there was no connection');
  await expect(fetchFile('http://127.0.0.1:9/', () => {})).rejects.toThrow('there was no connection');
});

test('a connection that brings nothing for half a minute is given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  server.answer((_, response) => void response.writeHead(200).write('part'));
  await expect(fetchFile(server.url, () => vi.advanceTimersByTime(30_000))).rejects.toThrow('nothing came for 30 s');
});
