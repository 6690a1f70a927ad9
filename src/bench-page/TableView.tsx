import { useId } from 'react';
import type { Table } from '../bench/tables.ts';

/** One table, which scrolls by itself where the page is narrow. */
export function TableView({ table }: { table: Table }) {
  const id = useId();
  const { title, columns, rows } = table;
  return (
    <section className="bench-table" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className="bench-scroll" role="group" aria-labelledby={id} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.title} scope="col" data-figure={column.isFigure || undefined}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, row) => (
              // Rows are only ever appended.
              <tr key={row}>
                {cells.map((cell, at) => (
                  <td key={columns[at].title} data-figure={columns[at].isFigure || undefined}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
