import type { Geometry } from 'geojson';
import type { Permission } from '../access/session';
import type { Item } from '../board/items';
import { itemNote, itemTitle } from '../board/words';
import { dictionaries, wording, type Dictionary, type Lang } from '../i18n';
import type { MapLayer } from '../layers/types';
import type { View } from '../state/store';
import type { Selection } from '../state/ui';
import type { Entry } from './search';
import { allowed, commands, keysOf, type Runs } from './table';

/** Commands that can be run now, in the order of the table. */
export function commandEntries(t: Dictionary, runs: Runs, may: ReadonlySet<Permission>): Entry[] {
  const can = allowed(runs, may);
  return commands.flatMap((c) => {
    const run = can[c.id];
    if (!run || c.id === 'find' || c.id === 'back') return [];
    return [{ id: `command:${c.id}`, group: 'command' as const, text: t.commands.of[c.id], words: wordsOf(c.id), keys: keysOf(c, t.shortcuts.arrows), run }];
  });
}

/** Found by its name in either language, whichever is shown. */
const wordsOf = (id: keyof Dictionary['commands']['of']) => [dictionaries.ja, dictionaries.en].map((d) => `${d.commands.of[id]} ${d.commands.words[id]}`).join(' ');

export interface Places {
  view: View;
  items: Item[];
  layers: MapLayer[];
  lang: Lang;
  select: (selection: Selection) => void;
  choose: (item: Item) => void;
  showLayer: (layer: MapLayer) => void;
  show: (geometry: Geometry) => void;
}

/** Incidents, devices, assets, drawings and layers by their names. */
export function placeEntries(t: Dictionary, { view, items, layers, lang, select, choose, showLayer, show }: Places): Entry[] {
  return [
    ...items.map((item): Entry => ({
      id: `item:${item.key}`, group: 'item', text: itemTitle(t, lang, item), note: [itemNote(t, item), item.device].filter(Boolean).join('・'), words: t.board.kind[item.kind], run: () => choose(item),
    })),
    ...view.devices.values().map(({ properties: { device, kind } }): Entry => ({
      id: `device:${device}`, group: 'device', text: device, note: wording(t.deviceKind, kind ?? 'other'), run: () => select({ kind: 'device', id: device }),
    })),
    ...view.assets.values().map(({ properties: p }): Entry => ({
      id: `asset:${p.assetId}`, group: 'asset', text: p.name || p.ledgerId, note: [wording(t.review.assets.kind, p.kind), p.name ? p.ledgerId : null, p.river].filter(Boolean).join('・'), run: () => select({ kind: 'asset', id: p.assetId }),
    })),
    ...view.board.values().flatMap(({ geometry, properties: p }): Entry[] =>
      p.kind !== 'drawing' || !p.title || !geometry ? [] : [{ id: p.boardId, group: 'drawing', text: p.title, note: t.drawer.drawing, run: () => { show(geometry); select({ kind: 'drawing', id: p.boardId }); } }],
    ),
    ...layers.map((layer): Entry => ({ id: `layer:${layer.layerId}`, group: 'layer', text: layer.title, note: wording(t.imported.kind, layer.kind), run: () => showLayer(layer) })),
  ];
}
