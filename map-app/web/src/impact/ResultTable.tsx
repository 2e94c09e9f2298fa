import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { number, percent } from '../format/numbers';
import { useT } from '../i18n';
import { hiddenCell, sorted, type Cell, type Table } from './types';

const mostRows = 300;

/** One table: sorted by any column, names filtered, numbers right-aligned. */
export function ResultTable({ table }: { table: Table }) {
  const t = useT().impact;
  const first = table.columns.findIndex((c) => c.key === 'affectedPeople');
  const [order, setOrder] = useState({ column: first < 0 ? 2 : first, isDown: true });
  const [filter, setFilter] = useState('');
  const named = table.columns.map((_, i) => i).filter((i) => i > 0);
  const all = sorted(table, order.column, order.isDown).filter((r) => filter === '' || String(r[1] ?? '').includes(filter));
  const shown = all.slice(0, mostRows);
  return (
    <>
      {table.isRounded && <p className="quiet">{t.rounded}</p>}
      {table.rows.length > 12 && <input className="input" type="search" value={filter} onChange={(e) => setFilter(e.target.value)} placeholder={t.filter} aria-label={t.filter} />}
      <div className="impact-scroll" tabIndex={0} role="region" aria-label={table.title}>
        <table className="impact-table">
          <thead>
            <tr>
              {named.map((i) => (
                <th key={i} scope="col" aria-sort={order.column !== i ? 'none' : order.isDown ? 'descending' : 'ascending'}>
                  <button type="button" onClick={() => setOrder({ column: i, isDown: order.column === i ? !order.isDown : i > 1 })} title={t.sortBy(table.columns[i]!.title)}>
                    {table.columns[i]!.title}
                    {order.column === i && (order.isDown ? <ArrowDown aria-hidden size={14} /> : <ArrowUp aria-hidden size={14} />)}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, at) => (
              <tr key={`${row[0] ?? 'sum'}-${at}`} data-sum={row[0] === null}>
                {named.map((i) => (i === 1 ? <th key={i} scope="row">{row[i]}</th> : <td key={i}><Value value={row[i] ?? null} column={table.columns[i]!.key} /></td>))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length === 0 && <p className="quiet">{t.noRows}</p>}
      {all.length > shown.length && <p className="quiet">{t.moreRows(number(all.length - shown.length))}</p>}
    </>
  );
}

function Value({ value, column }: { value: Cell; column: string }) {
  const t = useT().impact;
  if (value === null) return null;
  if (value === hiddenCell) return <abbr title={t.hiddenNote}>X<span className="visually-hidden"> {t.hidden}</span></abbr>;
  return typeof value === 'number' ? (column.endsWith('Share') ? percent(value) : number(value)) : value;
}
