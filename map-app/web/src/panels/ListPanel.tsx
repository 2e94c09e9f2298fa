import * as Tabs from '@radix-ui/react-tabs';
import { useState, type Dispatch, type ReactNode } from 'react';
import type { DeviceFeature, FindingFeature, PhotoFeature } from '../api/types';
import { number } from '../format/numbers';
import { useT } from '../i18n';
import { isFiltered, sortDevices, sortPhotos } from '../state/filters';
import { isOnline } from '../map/sources';
import { isKnown, scoredPhotos } from '../state/probe';
import type { View } from '../state/store';
import type { ListTab, Selection, UiAction, UiState } from '../state/ui';
import { useNow } from '../useNow';
import { FilterBar } from './FilterBar';
import { DeviceRow, FindingRow, PhotoRow } from './rows';
import { Empty, Failed, FirstSteps, Loading } from './States';

interface Props {
  view: View;
  ui: UiState;
  act: Dispatch<UiAction>;
  /** filtered and sorted */
  findings: FindingFeature[];
  onSelect: (selection: Selection) => void;
  onRetry: () => void;
  /** what stands under the tab of incidents */
  board: ReactNode;
  /** what stands under the tab of flights */
  flights: ReactNode;
}

/** What there is, worst or newest first. */
export function ListPanel({ view, ui, act, findings, onSelect, onRetry, board, flights }: Props) {
  const t = useT();
  const now = useNow();
  const chosen = ui.selection?.id ?? null;
  return (
    <section className="panel list-panel" aria-label={t.list.label}>
      {ui.tab !== 'board' && <Counts view={view} shown={findings.length} filtered={isFiltered(ui.filters)} />}
      <Tabs.Root className="tabs" value={ui.tab} onValueChange={(tab) => act({ do: 'tab', tab: tab as ListTab })}>
        <Tabs.List className="tab-list" aria-label={t.list.label}>
          {(['board', 'findings', 'photos', 'flights', 'devices'] as const).map((tab) => (
            <Tabs.Trigger key={tab} className="tab" value={tab}>
              {tab === 'flights' ? t.flights.tab : tab === 'board' ? t.board.tab : t.list[tab]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content className="tab-body" value="board">
          {board}
        </Tabs.Content>
        <Tabs.Content className="tab-body" value="findings">
          {view.findings.size > 0 && <FilterBar view={view} ui={ui} act={act} />}
          <Body state={view.load.findings} known={view.findings.size} onRetry={onRetry} empty={view.photos.size === 0 ? <FirstSteps /> : <Empty title={t.list.noFindings} hint={t.list.noFindingsHint} />}>
            {findings.length === 0 ? (
              <Empty title={t.list.noMatch}>
                <button type="button" className="button" onClick={() => act({ do: 'clearFilters' })}>
                  {t.list.clearFilters}
                </button>
              </Empty>
            ) : (
              <Capped items={findings} reset={ui.filters} keyOf={(f) => f.properties.findingId} row={(f) => <FindingRow finding={f} photo={view.photos.get(f.properties.photoId)} chosen={chosen === f.properties.findingId} now={now} onSelect={onSelect} />} />
            )}
          </Body>
        </Tabs.Content>
        <Tabs.Content className="tab-body" value="photos">
          <Body state={view.load.photos} known={view.photos.size} onRetry={onRetry} empty={<FirstSteps />}>
            <Capped<PhotoFeature> items={sortPhotos(view.photos.values())} keyOf={(f) => f.properties.photoId} row={(f) => <PhotoRow photo={f} chosen={chosen === f.properties.photoId} now={now} onSelect={onSelect} />} />
          </Body>
        </Tabs.Content>
        <Tabs.Content className="tab-body" value="flights">
          {flights}
        </Tabs.Content>
        <Tabs.Content className="tab-body" value="devices">
          <Body state={view.load.devices} known={view.devices.size} onRetry={onRetry} empty={<Empty title={t.list.noDevices} hint={t.list.noDevicesHint} />}>
            <Capped<DeviceFeature> items={sortDevices(view.devices.values())} keyOf={(f) => f.properties.device} row={(f) => <DeviceRow device={f} chosen={chosen === f.properties.device} now={now} onSelect={onSelect} />} />
          </Body>
        </Tabs.Content>
      </Tabs.Root>
    </section>
  );
}

function Counts({ view, shown, filtered }: { view: View; shown: number; filtered: boolean }) {
  const t = useT();
  const online = view.devices.count(isOnline);
  const scored = scoredPhotos(view);
  const count = (kind: Exclude<ListTab, 'flights' | 'board'>, n: number) => (isKnown(view, kind) ? number(n) : t.field.none);
  return (
    <dl className="counts">
      <Count name={t.counts.photos} value={`${count('photos', scored)} / ${count('photos', view.photos.size)}`} note={t.counts.photosOf} />
      <Count name={t.counts.findings} value={count('findings', view.findings.size)} note={filtered ? t.counts.findingsOf(number(shown)) : ''} strong />
      <Count name={t.counts.devices} value={`${count('devices', online)} / ${count('devices', view.devices.size)}`} note={t.counts.devicesOf} />
    </dl>
  );
}

function Count({ name, value, note, strong = false }: { name: string; value: string; note: string; strong?: boolean }) {
  return (
    <div className="count" data-strong={strong}>
      <dt>{name}</dt>
      <dd>
        {value}
        <small>{note || '\u00a0'}</small>
      </dd>
    </div>
  );
}

/** Loading, failed, empty, or the list: what is already known is never hidden by a failure. */
function Body({ state, known, empty, onRetry, children }: { state: View['load']['photos']; known: number; empty: ReactNode; onRetry: () => void; children: ReactNode }) {
  const t = useT();
  if (known > 0) return <div className="scroll">{children}</div>;
  if (state === 'loading') return <Loading />;
  if (state === 'failed') return <Failed title={t.list.failed} hint={t.list.failedHint} onRetry={onRetry} />;
  return <div className="scroll">{empty}</div>;
}

const page = 100;

interface CappedProps<F> {
  items: F[];
  keyOf: (item: F) => string;
  row: (item: F) => ReactNode;
  /** starts from the top again when this changes */
  reset?: unknown;
}

/** A list that shows its first hundred, and more on demand. */
function Capped<F>({ items, keyOf, row, reset }: CappedProps<F>) {
  const t = useT();
  const [limit, setLimit] = useState({ count: page, reset });
  const count = limit.reset === reset ? limit.count : page;
  return (
    <ul className="rows">
      {items.slice(0, count).map((item) => (
        <li key={keyOf(item)}>{row(item)}</li>
      ))}
      {items.length > count && (
        <li>
          <button type="button" className="button wide" onClick={() => setLimit({ count: count + page, reset })}>
            {t.list.more(number(items.length - count))}
          </button>
        </li>
      )}
    </ul>
  );
}
