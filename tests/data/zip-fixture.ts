import { crc32, deflateRawSync } from 'node:zlib';

export interface FixtureMember {
  name: string;
  bytes: Uint8Array;
  stored?: boolean;
  flags?: number;
  method?: number;
  crc?: number;
  /** Extra fields, in front of the file and in the index: they need not be equally long. */
  extras?: readonly [local: Uint8Array, central: Uint8Array];
  comment?: string;
}

/** A zip archive of the members. */
export function zipOf(members: FixtureMember[], commentText = ''): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name);
    const packed = member.stored ? Buffer.from(member.bytes) : deflateRawSync(member.bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(member.flags ?? 0, 2);
    fields.writeUInt16LE(member.method ?? (member.stored ? 0 : 8), 4);
    fields.writeUInt32LE(member.crc ?? crc32(member.bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(member.bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const [localExtra, centralExtra] = member.extras ?? [Buffer.of(), Buffer.of()];
    fields.writeUInt16LE(localExtra.length, 24);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, localExtra, packed]);
    fields.writeUInt16LE(centralExtra.length, 24);
    const comment = Buffer.from(member.comment ?? '');
    const position = Buffer.alloc(14);
    position.writeUInt16LE(comment.length, 0);
    position.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, position, name, centralExtra, comment]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const comment = Buffer.from(commentText);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, directory, end, comment]);
}
