import { csv } from '../../format/csv.ts';
import type { CsvValue } from '../../format/csv.ts';
import { saveFile } from '../../shell/save-file.ts';

/** A table as a file has it, with a header. */
export interface Table {
  columns: readonly string[];
  rows: readonly (readonly CsvValue[])[];
}

interface TableAsCsvProps {
  /** Of the file, without its ending. */
  name: string;
  /** What the page calls the table. */
  of: string;
  table(): Table;
}

/** Saves what a table shows, with all its digits. */
export function TableAsCsv({ name, of, table }: TableAsCsvProps) {
  const save = (): void => {
    const { columns, rows } = table();
    saveFile(new Blob([csv(columns, rows)], { type: 'text/csv' }), `${name}.csv`);
  };
  return (
    <button type="button" className="button small quiet" aria-label={`${of}: table as CSV`} onClick={save}>
      Table as CSV
    </button>
  );
}
