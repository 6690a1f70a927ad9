import { DataError } from './data-error.ts';
import { formatBytes } from '../text/format-bytes.ts';

/** What the browser's storage threw over entry `name`, as a DataError that says what to do. */
export async function storageError(error: unknown, name: string): Promise<DataError> {
  if (error instanceof DataError) return error;
  const kind = error instanceof Error ? error.name : '';
  const options = { cause: error };
  if (kind === 'QuotaExceededError') {
    const advice = 'free some disk space or clear the data of other sites';
    return new DataError('storage-full', `storage: no room for "${name}"${await usage()}; ${advice}`, options);
  }
  if (kind === 'NoModificationAllowedError' || kind === 'InvalidStateError') {
    return new DataError('storage-busy', `storage: "${name}" is in use by another tab of this site`, options);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new DataError('storage', `storage: "${name}" could not be read or written (${reason})`, options);
}

async function usage(): Promise<string> {
  try {
    const { usage, quota } = await navigator.storage.estimate();
    if (usage === undefined || quota === undefined) return '';
    return `, ${formatBytes(usage)} of ${formatBytes(quota)} are used`;
  } catch {
    return '';
  }
}
