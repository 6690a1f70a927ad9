/** A gzip-compressed text at a URL, and how to know that it is the right one. */
export interface TextSource {
  /** Of the text in messages, and of the entries in the store. */
  readonly name: string;
  /** Must allow cross-origin reads. */
  readonly url: string;
  /** The first headBytes bytes of the text have this SHA-256, in lowercase hexadecimal digits. */
  readonly headBytes: number;
  readonly headSha256: string;
  /** Fewest bytes that the text may have. */
  readonly minBytes: number;
  /** Bytes that it probably has: room made for it at once. */
  readonly expectedBytes: number;
}
