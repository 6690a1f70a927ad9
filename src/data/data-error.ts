/** What kind of problem a text has, for code that must tell them apart; the message is for people. */
export type DataErrorCode =
  | 'network' // no connection, or it broke more often than is worth another try
  | 'http' // the server answered with an error status
  | 'truncated' // the content ends early
  | 'corrupt' // the content is not what its format demands
  | 'checksum' // the content is intact but another text than the one asked for
  | 'unsupported' // the format has a feature that is not read here
  | 'empty'
  | 'too-large'
  | 'too-short'
  | 'storage-full'
  | 'storage-busy' // another tab holds the stored file
  | 'storage'; // no storage, or it misbehaves

export class DataError extends Error {
  override readonly name = 'DataError';
  readonly code: DataErrorCode;

  constructor(code: DataErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
