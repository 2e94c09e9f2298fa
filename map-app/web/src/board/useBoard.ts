import type { Feature } from 'geojson';
import { useEffect, useMemo } from 'react';
import type { MapController } from '../map/mapController';
import type { View } from '../state/store';
import { boardCounts, boardItems, isOpen, passesBoard, type BoardFilters, type Item } from './items';
import { situationId } from './types';

/** The board as it follows from what is known; made anew only when something of it changed. */
export function useBoard(view: View, filters: BoardFilters, nowMs: number) {
  const { events, alarms, findings, devices, board } = view;
  // Devices only lend their place and kind, so what they measure does not make the board anew.
  const versions = [events.version, alarms.version, findings.version, board.version, devices.size].join();
  const items = useMemo(
    () => boardItems({ events: events.values(), alarms: alarms.values(), findings: findings.values(), device: (id) => devices.get(id), follow: (id) => board.get(id) }),
    [versions, events, alarms, findings, devices, board],
  );
  const shown = useMemo(() => items.filter(passesBoard(filters, nowMs)), [items, filters, nowMs]);
  const counts = useMemo(() => boardCounts(items), [items]);
  const crews = useMemo(() => [...new Set(items.flatMap((i) => i.follow?.properties.crew ?? []))].sort(), [items]);
  return { items, shown, counts, crews, situation: board.get(situationId) ?? null };
}

/** What stands on the map of an item. Findings have their own badge. */
export function incidentShapes(items: Item[], chosen: Item | null): Feature[] {
  return items.flatMap((item) =>
    item.place === null || item.kind === 'finding'
      ? []
      : [{
          type: 'Feature' as const,
          geometry: { type: 'Point' as const, coordinates: item.place },
          properties: { id: item.key, kind: 'item', item: item.kind, severity: item.severity ?? 'none', open: isOpen(item) ? 'open' : 'over', aside: item.kind !== 'report', chosen: item === chosen },
        }],
  );
}

/** Draws them; the chosen one too when the filter leaves it out. */
export function useIncidents(controller: MapController | null, shown: Item[], chosen: Item | null) {
  const drawn = useMemo(() => (chosen && !shown.includes(chosen) ? [...shown, chosen] : shown), [shown, chosen]);
  useEffect(() => controller?.setIncidents(incidentShapes(drawn, chosen)), [controller, drawn, chosen]);
  const key = chosen?.key;
  useEffect(() => {
    if (controller && chosen?.place) controller.show(chosen.place, 16);
    // only when another one is chosen
  }, [controller, key]);
}
