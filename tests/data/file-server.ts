import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** `stored` tells how many bytes of the file whoever downloads it has kept. */
export type Handler = (request: IncomingMessage, response: ServerResponse, stored?: () => Promise<number>) => void;

export interface FileServer {
  readonly url: string;
  /** Range header of each request so far, null where there was none. */
  readonly ranges: (string | null)[];
  /** Answers the next requests in turn; the last one answers all that follow. */
  answer(...handlers: Handler[]): void;
  /** How many bytes whoever downloads has kept: connections break once what was sent has arrived there. */
  stored: () => Promise<number>;
  close(): Promise<void>;
}

export async function startFileServer(): Promise<FileServer> {
  const ranges: (string | null)[] = [];
  let handlers: Handler[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range ?? null);
    const handler = handlers.length > 1 ? handlers.shift()! : handlers[0];
    handler(request, response, started.stored);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const started: FileServer = {
    stored: async () => 0,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/text.gz`,
    ranges,
    answer(...next) {
      handlers = next;
      ranges.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return started;
}

export interface ServeOptions {
  /** The connection breaks after so many bytes of the answer. */
  cutAfter?: number;
  /** The answer stops after so many bytes and the connection stays open. */
  hangAfter?: number;
  ignoreRange?: boolean;
  omitLength?: boolean;
  etag?: string;
}

/** Serves a file as common servers do, with Range, and as uncommon ones do, by the options. */
export function serve(file: Uint8Array, options: ServeOptions = {}): Handler {
  return (request, response, stored = async () => Infinity) => {
    const first = options.ignoreRange ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (first >= file.length) {
      response.writeHead(416).end();
      return;
    }
    const body = file.subarray(first);
    response.statusCode = first > 0 ? 206 : 200;
    if (first > 0 && !options.omitLength) {
      response.setHeader('Content-Range', `bytes ${first}-${file.length - 1}/${file.length}`);
    }
    if (!options.omitLength) response.setHeader('Content-Length', body.length);
    if (options.etag) response.setHeader('ETag', options.etag);
    const stopAfter = options.cutAfter ?? options.hangAfter;
    if (stopAfter === undefined || stopAfter >= body.length) {
      // With the end alone Node would add the length by itself.
      response.write(body);
      response.end();
      return;
    }
    response.write(body.subarray(0, stopAfter));
    // Only then: a reader drops what it has not looked at when the connection breaks.
    if (options.cutAfter !== undefined) void whenStored(stored, first + stopAfter).then(() => response.destroy());
  };
}

async function whenStored(stored: () => Promise<number>, bytes: number): Promise<void> {
  while ((await stored()) < bytes) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Sends part of a file, without a length, as if that were all. */
export function servePart(file: Uint8Array, length: number): Handler {
  return (_, response) => {
    response.write(file.subarray(0, length));
    response.end();
  };
}

/** Sends all of a file and calls it the part that was asked for. */
export function serveAsPart(file: Uint8Array): Handler {
  return (_, response) => {
    response.writeHead(206, { 'Content-Range': `bytes 0-${file.length - 1}/${file.length}` });
    response.end(file);
  };
}

/** Serves a file as servers do that pack whatever they send. */
export function servePacked(file: Uint8Array): Handler {
  return (_, response) => {
    const packed = gzipSync(file);
    response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': packed.length });
    response.end(packed);
  };
}

export function status(code: number): Handler {
  return (_, response) => {
    response.writeHead(code).end();
  };
}

export const hangUp: Handler = (request) => {
  request.socket.destroy();
};
