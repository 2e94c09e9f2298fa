import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { FeatureOf } from '../api/types';
import { FieldStore } from '../state/store';
import { boardItems } from './items';

interface Golden {
  rows: { [K in 'events' | 'alarms' | 'findings' | 'devices' | 'board']: FeatureOf[K][] };
  items: unknown[];
}

/** The same file as tests/Field.Tests/Board/BoardGoldenTests.cs: neither half can change a rule alone. */
it('makes of the golden rows what the server makes of them', () => {
  const { rows, items } = JSON.parse(readFileSync(new URL('../../../../tests/golden/board/items.json', import.meta.url), 'utf8')) as Golden;
  const store = new FieldStore((run) => run());
  store.become({ ...rows, photos: [], assets: [] });
  const view = store.getView();
  const made = boardItems({ events: view.events.values(), alarms: view.alarms.values(), findings: view.findings.values(), device: (id) => view.devices.get(id), follow: (id) => view.board.get(id) });
  expect(made.map((i) => [i.key, i.kind, i.severity, i.state, i.isOver, i.place && i.place.map((n) => Number(n.toFixed(6)))])).toEqual(items);
  expect(items.length).toBeGreaterThan(20);
});
