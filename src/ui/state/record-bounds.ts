import { MAX_RUNS } from './runs.ts';
import type { StoredRecord } from './stored-record.ts';

/** A run of a million steps has about 100 MiB, one of a thousand 100 kB. */
const MOST_BYTES = 128 * 2 ** 20;

/**
 * Which records to give up, by their ids: of two of one place the older, and the oldest, pinned ones last, until the rest is not
 * too many, nor too much. Those that this version cannot read count as well.
 */
export function surplusRecords(stored: readonly (readonly [string, unknown])[]): string[] {
  const given: string[] = [];
  let kept = 0;
  let bytes = 0;
  const records = stored.map(([id, record]) => ({ ...(record as Partial<StoredRecord> | undefined), id, record }));
  const pins = ({ pin = null }: Partial<StoredRecord>): number => (pin === null ? 0 : 1);
  const time = ({ begunAt }: Partial<StoredRecord>): number => (Number.isFinite(begunAt) ? begunAt! : 0);
  const newestFirst = records.toSorted((a, b) => time(b) - time(a));
  const newestAt = new Map(newestFirst.toReversed().map((each) => [each.place, each]));
  const isTwin = (each: (typeof records)[number]): boolean =>
    typeof each.place === 'string' && newestAt.get(each.place) !== each;
  for (const each of newestFirst.toSorted((a, b) => pins(b) - pins(a))) {
    const size = bytesOf(each.record);
    if (isTwin(each) || kept === MAX_RUNS || bytes + size > MOST_BYTES) given.push(each.id);
    else {
      kept++;
      bytes += size;
    }
  }
  return given;
}

/** About what a value takes when it is stored: its columns, beside which texts are nothing. */
function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce<number>((sum, each) => sum + bytesOf(each), 0);
}
