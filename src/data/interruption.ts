import type { DataErrorCode } from './data-error.ts';

/** An attempt at a download ended before its time and another one may go on from there. Never leaves this folder. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** Of the DataError that is made of the last one. */
  readonly code: DataErrorCode;
  /** Whether the server answered the request at all. */
  readonly answered: boolean;

  constructor(reason: string, code: DataErrorCode, options?: ErrorOptions & { answered?: boolean }) {
    super(reason, options);
    this.code = code;
    this.answered = options?.answered ?? true;
  }
}
