import type { DataErrorCode } from './data-error.ts';

/** An attempt at a download ended before its time and another one may go on from there. Never leaves this folder. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** Of the DataError that is made of the last one. */
  readonly code: DataErrorCode;

  constructor(reason: string, code: DataErrorCode, options?: ErrorOptions) {
    super(reason, options);
    this.code = code;
  }
}
