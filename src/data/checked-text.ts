import { ByteCollector, MAX_TEXT_BYTES } from './byte-collector.ts';
import { DataError } from './data-error.ts';
import { formatBytes } from '../text/format-bytes.ts';
import { sha256 } from './sha256.ts';
import type { TextSource } from './text-source.ts';

/** The unpacked text of a source, checked against what the source says of it. */
export class CheckedText {
  private readonly source: TextSource;
  private readonly collector: ByteCollector;
  private headChecked = false;

  constructor(source: TextSource) {
    this.source = source;
    this.collector = new ByteCollector(source.name, MAX_TEXT_BYTES, source.expectedBytes);
  }

  get length(): number {
    return this.collector.length;
  }

  append(chunk: Uint8Array): void {
    this.collector.append(chunk);
  }

  /** Checks the head as soon as it is there, so that a wrong text ends early. A DataError `checksum` when it is wrong. */
  async checkHead(): Promise<void> {
    const { name, headBytes, headSha256 } = this.source;
    if (this.headChecked || this.collector.length < headBytes) return;
    const given = await sha256(this.collector.head(headBytes));
    if (given !== headSha256) {
      throw new DataError(
        'checksum',
        `${name}: wrong checksum: the first ${formatBytes(headBytes)} have sha256 ${given}, need ${headSha256}; ` +
          'nothing is kept',
      );
    }
    this.headChecked = true;
  }

  /** The whole text; a DataError when it is too short or another one. */
  async finish(): Promise<Uint8Array<ArrayBuffer>> {
    const { name, minBytes, headBytes } = this.source;
    const needed = Math.max(minBytes, headBytes);
    if (this.length < needed) {
      throw new DataError(
        'truncated',
        `${name}: given ${formatBytes(this.length)} of text, needs at least ${formatBytes(needed)}; nothing is kept`,
      );
    }
    await this.checkHead();
    return this.collector.bytes();
  }
}
