import { ChevronDown } from 'lucide-react';
import { useState, type Dispatch } from 'react';
import { number } from '../format/numbers';
import { useT, type Dictionary } from '../i18n';
import { Chips } from '../panels/FilterBar';
import { Empty, Failed, Loading } from '../panels/States';
import type { View } from '../state/store';
import type { UiAction, UiState } from '../state/ui';
import { ItemRow } from './ItemRow';
import { itemKinds, noBoardFilters, periods, type BoardFilters, type Item } from './items';
import { followStates } from './types';

interface Props {
  view: View;
  ui: UiState;
  act: Dispatch<UiAction>;
  items: Item[];
  shown: Item[];
  chosen: string | null;
  now: Date;
  onChoose: (item: Item) => void;
  onRetry: () => void;
}

const page = 100;

/** What happened, the worst first. */
export function BoardTab({ view, ui, act, items, shown, chosen, now, onChoose, onRetry }: Props) {
  const t = useT();
  const [limit, setLimit] = useState({ count: page, of: ui.board });
  const count = limit.of === ui.board ? limit.count : page;
  const loads = [view.load.events, view.load.alarms, view.load.board];
  if (items.length === 0 && loads.includes('loading')) return <Loading />;
  if (items.length === 0 && loads.includes('failed')) return <Failed title={t.list.failed} hint={t.list.failedHint} onRetry={onRetry} />;
  return (
    <>
      <BoardFilterBar filters={ui.board} act={act} shown={shown.length} all={items.length} />
      <div className="scroll">
        {loads.includes('failed') && <p className="note board-stale" role="status">{t.list.failed}</p>}
        {shown.length === 0 ? (
          items.length === 0 || isPlain(ui.board) ? (
            <Empty title={t.board.empty} hint={t.board.emptyHint} />
          ) : (
            <Empty title={t.board.noMatch}>
              <button type="button" className="button" onClick={() => act({ do: 'board', filters: { ...noBoardFilters, hours: 0, state: 'all' } })}>
                {t.board.showAll}
              </button>
            </Empty>
          )
        ) : (
          <ul className="rows">
            {shown.slice(0, count).map((item) => (
              <li key={item.key}>
                <ItemRow item={item} chosen={chosen === item.key} now={now} onChoose={onChoose} />
              </li>
            ))}
            {shown.length > count && (
              <li>
                <button type="button" className="button wide" onClick={() => setLimit({ count: count + page, of: ui.board })}>
                  {t.list.more(number(shown.length - count))}
                </button>
              </li>
            )}
          </ul>
        )}
      </div>
    </>
  );
}

const isPlain = (f: BoardFilters) => f.kind === null && f.severity === null && f.hours === 0;

interface BarProps {
  filters: BoardFilters;
  act: Dispatch<UiAction>;
  shown: number;
  all: number;
}

function BoardFilterBar({ filters, act, shown, all }: BarProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const set = (next: Partial<BoardFilters>) => act({ do: 'board', filters: next });
  const b = t.board;
  return (
    <div className="filters board-filters">
      <Chips label={b.filters.state} value={filters.state} onChange={(v) => set({ state: (v || 'all') as BoardFilters['state'] })}
        options={[['todo', b.todo], ...followStates.map((s): [string, string] => [s, b.state[s]]), ['', b.all]]} />
      {open && (
        <div id="board-filters">
          <Chips label={b.filters.severity} value={filters.severity ?? ''} onChange={(v) => set({ severity: (v || null) as BoardFilters['severity'] })}
            options={[['', b.all], ...(['critical', 'warning', 'info'] as const).map((s): [string, string] => [s, b.severity[s]])]} />
          <Chips label={b.filters.kind} value={filters.kind ?? ''} onChange={(v) => set({ kind: (v || null) as BoardFilters['kind'] })}
            options={[['', b.all], ...itemKinds.map((k): [string, string] => [k, b.kind[k]])]} />
          <Chips label={b.filters.period} value={filters.hours === 0 ? '' : String(filters.hours)} onChange={(v) => set({ hours: Number(v) })}
            options={periods.map((h): [string, string] => [h === 0 ? '' : String(h), h === 0 ? b.whenever : b.hours(h)])} />
        </div>
      )}
      <div className="filter-foot">
        <button type="button" className="text-button board-more" aria-expanded={open} aria-controls="board-filters" onClick={() => setOpen(!open)}>
          <ChevronDown aria-hidden size={18} data-open={open} /> {b.filterOn(summary(t, filters))}
        </button>
        <span className="quiet" role="status">{b.shown(number(shown), number(all))}</span>
      </div>
    </div>
  );
}

function summary({ board: b }: Dictionary, f: BoardFilters): string {
  return [f.hours === 0 ? b.whenever : b.hours(f.hours), f.severity && b.severity[f.severity], f.kind && b.kind[f.kind]].filter(Boolean).join('・');
}
