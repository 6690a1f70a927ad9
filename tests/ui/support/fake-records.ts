import type { StoredRecord } from '../../../src/ui/state/stored-record.ts';
import type { RecordStorage } from '../../../src/ui/state/stored-records.ts';

/** What a browser holds of runs for Compare, and where it has runs under way. */
export class FakeRecords implements RecordStorage {
  readonly records = new Map<string, unknown>();
  readonly busy = new Set<string>();

  async list() {
    return structuredClone([...this.records]);
  }
  async underWay(places: readonly string[]) {
    return places.filter((place) => this.busy.has(place));
  }
  async write(id: string, record: StoredRecord) {
    this.records.set(id, structuredClone(record));
  }
  async change(id: string, changes: Partial<StoredRecord>) {
    const record = this.records.get(id);
    if (record !== undefined) this.records.set(id, { ...record, ...changes });
  }
  async forget(ids: readonly string[]) {
    for (const id of ids) this.records.delete(id);
  }
}
