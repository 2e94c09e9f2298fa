import * as ToggleGroup from '@radix-ui/react-toggle-group';
import { X } from 'lucide-react';
import type { Dispatch } from 'react';
import { useT, wording } from '../i18n';
import { isFiltered } from '../state/filters';
import type { View } from '../state/store';
import type { UiAction, UiState } from '../state/ui';

interface Props {
  view: View;
  ui: UiState;
  act: Dispatch<UiAction>;
}

const scoreSteps = [0, 0.5, 0.8];
const statuses = ['draft', 'decided', 'rejected'] as const;

/** Filter chips: kind, score, device; and the order. Choices that would leave everything in are not offered. */
export function FilterBar({ view, ui, act }: Props) {
  const t = useT();
  const findings = view.findings.values();
  const classes = distinct(findings.map((f) => f.properties.class));
  const devices = distinct(findings.flatMap((f) => f.properties.device ?? []));
  return (
    <div className="filters">
      {view.findings.values().some((f) => f.properties.status !== 'draft') && (
        <Chips label={t.review.filterStatus} value={ui.filters.status ?? ''} onChange={(v) => act({ do: 'filter', filters: { status: statuses.find((s) => s === v) ?? null } })}
          options={[['', t.review.allShown], ...statuses.map((s): [string, string] => [s, t.review.statusChoice[s]])]} />
      )}
      <Chips label={t.list.filterScore} value={String(ui.filters.minScore)} onChange={(v) => act({ do: 'filter', filters: { minScore: Number(v) } })}
        options={scoreSteps.map((s) => [String(s), s === 0 ? t.list.scoreAll : t.list.scoreAtLeast(s * 100)])} />
      {classes.length > 1 && (
        <Chips label={t.list.filterClass} value={ui.filters.class ?? ''} onChange={(v) => act({ do: 'filter', filters: { class: v || null } })}
          options={[['', t.list.allClasses], ...classes.map((c): [string, string] => [c, wording(t.className, c)])]} />
      )}
      {devices.length > 1 && (
        <Chips label={t.list.filterDevice} value={ui.filters.device ?? ''} onChange={(v) => act({ do: 'filter', filters: { device: v || null } })}
          options={[['', t.list.allDevices], ...devices.map((d): [string, string] => [d, d])]} />
      )}
      <div className="filter-foot">
        <Chips label={t.list.sort} value={ui.sort} onChange={(v) => act({ do: 'sort', sort: v === 'newest' ? 'newest' : 'score' })}
          options={[['score', t.list.sortScore], ['newest', t.list.sortNewest]]} segmented />
        {isFiltered(ui.filters) && (
          <button type="button" className="text-button" onClick={() => act({ do: 'clearFilters' })}>
            <X aria-hidden size={16} />
            {t.list.clearFilters}
          </button>
        )}
      </div>
    </div>
  );
}

const distinct = (values: string[]) => [...new Set(values)].sort();
const all = 'all';

interface ChipsProps {
  label: string;
  value: string;
  options: [value: string, text: string][];
  onChange: (value: string) => void;
  segmented?: boolean;
}

/** Chips of which one is chosen. */
export function Chips({ label, value, options, onChange, segmented = false }: ChipsProps) {
  return (
    <ToggleGroup.Root type="single" className={segmented ? 'chips segmented' : 'chips'} aria-label={label} value={value || all} onValueChange={(v) => v && onChange(v === all ? '' : v)}>
      {options.map(([option, text]) => (
        <ToggleGroup.Item key={option} className="chip" value={option || all}>
          {text}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
