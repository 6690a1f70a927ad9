import { DataError } from './data-error.ts';
import { crc32 } from './crc32.ts';
import { forEachChunk, inflateStream } from './inflater.ts';

// Layout and names of the fields: PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.
const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
/** Stands in a size or an offset that is kept in a zip64 field instead. */
const ZIP64_MARK = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;

/** A file inside an archive, from the archive's central directory. */
export interface ZipMember {
  readonly name: string;
  readonly size: number;
  readonly compressedSize: number;
  readonly crc: number;
  readonly method: number;
  readonly encrypted: boolean;
  readonly headerOffset: number;
}

/** The files of a zip archive, without folders. A DataError when it is damaged, split, or in the zip64 form. */
export async function readZipDirectory(archive: Blob, archiveName: string): Promise<ZipMember[]> {
  const tailStart = Math.max(0, archive.size - END_BYTES - MAX_COMMENT_BYTES);
  const tail = await viewOf(archive, tailStart, archive.size);
  const endOffset = findEnd(tail);
  if (endOffset < 0) throw damaged(archiveName, 'the index at its end is missing');
  const disk = tail.getUint16(endOffset + 4, true);
  const count = tail.getUint16(endOffset + 10, true);
  const size = tail.getUint32(endOffset + 12, true);
  const offset = tail.getUint32(endOffset + 16, true);
  if (count === 0xffff || size === ZIP64_MARK || offset === ZIP64_MARK) throw zip64(archiveName);
  if (disk !== 0) throw new DataError('unsupported', `zip "${archiveName}": given one part of a split archive`);
  const directory = await viewOf(archive, offset, offset + size);
  return readEntries(directory, count, archiveName).filter((member) => !member.name.endsWith('/'));
}

/** Unpacks one file into onChunk, checked against its size and CRC. A DataError when it cannot be read. */
export async function readZipMember(
  archive: Blob,
  archiveName: string,
  member: ZipMember,
  onChunk: (chunk: Uint8Array) => void,
  signal?: AbortSignal,
): Promise<void> {
  if (member.encrypted) {
    throw new DataError(
      'unsupported',
      `zip "${archiveName}": "${member.name}" is encrypted, needs an archive without a password`,
    );
  }
  const { headerOffset, compressedSize } = member;
  const header = await viewOf(archive, headerOffset, headerOffset + LOCAL_BYTES);
  if (header.byteLength < LOCAL_BYTES || header.getUint32(0, true) !== LOCAL_SIGNATURE) {
    throw damaged(archiveName, `"${member.name}" is not where the index says`);
  }
  const start = headerOffset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = archive.slice(start, start + compressedSize).stream();
  let size = 0;
  let crc = 0;
  const take = (chunk: Uint8Array) => {
    size += chunk.length;
    crc = crc32(chunk, crc);
    onChunk(chunk);
  };
  if (member.method === STORED) await forEachChunk(packed, take, signal);
  else if (member.method === DEFLATED) await inflateMember(packed, archiveName, member, take, signal);
  else {
    throw new DataError(
      'unsupported',
      `zip "${archiveName}": "${member.name}" is packed by method ${member.method}, needs deflate or stored`,
    );
  }
  if (size !== member.size || crc !== member.crc) throw damaged(archiveName, `"${member.name}" fails its check`);
}

async function inflateMember(
  packed: ReadableStream<Uint8Array>,
  archiveName: string,
  member: ZipMember,
  onChunk: (chunk: Uint8Array) => void,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await inflateStream(packed, 'deflate-raw', onChunk, signal);
  } catch (error) {
    if (error instanceof DataError || signal?.aborted) throw error;
    throw damaged(archiveName, `"${member.name}" cannot be unpacked`, error);
  }
}

function findEnd(tail: DataView): number {
  for (let offset = tail.byteLength - END_BYTES; offset >= 0; offset--) {
    if (tail.getUint32(offset, true) !== END_SIGNATURE) continue;
    if (offset + END_BYTES + tail.getUint16(offset + 20, true) <= tail.byteLength) return offset;
  }
  return -1;
}

function readEntries(directory: DataView, count: number, archiveName: string): ZipMember[] {
  const members: ZipMember[] = [];
  let offset = 0;
  for (let i = 0; i < count; i++) {
    if (offset + ENTRY_BYTES > directory.byteLength || directory.getUint32(offset, true) !== ENTRY_SIGNATURE) {
      throw damaged(archiveName, 'its index is cut');
    }
    const compressedSize = directory.getUint32(offset + 20, true);
    const size = directory.getUint32(offset + 24, true);
    if (compressedSize === ZIP64_MARK || size === ZIP64_MARK) throw zip64(archiveName);
    const nameLength = directory.getUint16(offset + 28, true);
    const nameStart = offset + ENTRY_BYTES;
    if (nameStart + nameLength > directory.byteLength) throw damaged(archiveName, 'its index is cut');
    const name = new Uint8Array(directory.buffer, nameStart, nameLength);
    members.push({
      name: new TextDecoder().decode(name),
      encrypted: (directory.getUint16(offset + 8, true) & 1) !== 0,
      method: directory.getUint16(offset + 10, true),
      crc: directory.getUint32(offset + 16, true),
      compressedSize,
      size,
      headerOffset: directory.getUint32(offset + 42, true),
    });
    offset = nameStart + nameLength + directory.getUint16(offset + 30, true) + directory.getUint16(offset + 32, true);
  }
  return members;
}

async function viewOf(archive: Blob, start: number, end: number): Promise<DataView<ArrayBuffer>> {
  return new DataView(await archive.slice(start, end).arrayBuffer());
}

function zip64(archiveName: string): DataError {
  return new DataError('unsupported', `zip "${archiveName}": given the zip64 form, needs files below 4 GiB`);
}

function damaged(archiveName: string, what: string, cause?: unknown): DataError {
  return new DataError('corrupt', `zip "${archiveName}": the archive is damaged: ${what}`, { cause });
}
