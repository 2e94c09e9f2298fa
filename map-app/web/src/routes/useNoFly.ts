import type { Feature, Geometry } from 'geojson';
import { useCallback, useMemo, useState } from 'react';
import type { BoardFeature, BoardProperties } from '../board/types';
import type { Position } from '../draw/geodesy';
import { useSketch } from '../draw/useSketch';
import { useSteps, type Shared } from '../draw/useSteps';
import { useVertices } from '../draw/useVertices';
import { useT } from '../i18n';
import type { MapController } from '../map/mapController';

/** What keeping areas needs of the page. */
export interface NoFlyContext extends Shared {
  controller: MapController | null;
}

/** What is done to the kept areas now. */
export type Doing = { do: 'draw' } | { do: 'name'; geometry: Geometry } | { do: 'edit'; boardId: string } | null;

/** What people write about an area; empty texts are none. */
export type AreaContent = Record<'title' | 'note' | 'permitNumber' | 'permitHolder' | 'permitUntil', string>;

export const contentOf = (p: Partial<BoardProperties>): AreaContent => ({
  title: p.title ?? '', note: p.note ?? '', permitNumber: p.permitNumber ?? '', permitHolder: p.permitHolder ?? '', permitUntil: p.permitUntil ?? '',
});

/** The areas that everybody's routes keep out of, by name. */
export const keptAreas = (rows: BoardFeature[]) =>
  rows.filter((r) => r.properties.kind === 'no-fly' && r.geometry !== null).sort((a, b) => (a.properties.title ?? '').localeCompare(b.properties.title ?? '', 'ja'));

/** Tells whether the areas are still those that a route was planned with. */
export const editionOf = (areas: BoardFeature[]) => areas.map((a) => `${a.properties.boardId}:${a.properties.revision}`).join(' ');

export const areaShapes = (areas: BoardFeature[], doing: Doing): Feature[] => [
  ...areas.map((a): Feature => ({ type: 'Feature', geometry: a.geometry!, properties: { kind: 'no-fly', name: a.properties.title ?? '' } })),
  ...(doing?.do === 'name' ? [{ type: 'Feature' as const, geometry: doing.geometry, properties: { kind: 'no-fly', name: '' } }] : []),
];

/** Draws, names, changes and removes the kept areas; the server decides, and two people do not overwrite each other. */
export function useNoFly({ controller, ...shared }: NoFlyContext) {
  const { board } = shared.view;
  const t = useT();
  const [doing, setDoing] = useState<Doing>(null);
  const { said, forget, put, undo, redo } = useSteps(shared);
  const { version } = board;
  const areas = useMemo(() => keptAreas(board.values()), [board, version]);
  const edited = doing?.do === 'edit' ? areas.find((a) => a.properties.boardId === doing.boardId) : undefined;
  const stop = useCallback(() => {
    setDoing(null);
    forget();
  }, [forget]);
  const drawn = useCallback((points: Position[]) => setDoing({ do: 'name', geometry: { type: 'Polygon', coordinates: [[...points, points[0]!]] } }), []);
  const sketch = useSketch(controller, doing?.do === 'draw' ? 'polygon' : null, drawn, stop);
  const geometry = doing?.do === 'name' ? doing.geometry : (edited?.geometry ?? null);
  const vertices = useVertices(controller, geometry, t.draw, async (next) => {
    if (doing?.do === 'name') {
      setDoing({ do: 'name', geometry: next });
      return true;
    }
    return put(edited!.properties.boardId, { ...contentOf(edited!.properties), geometry: next });
  });
  return {
    areas, doing, edited, geometry, said, sketch, vertices, stop, undo, redo,
    draw: () => setDoing({ do: 'draw' }),
    edit: (boardId: string) => setDoing({ do: 'edit', boardId }),
    /** Keeps the drawn area, or the edited one. */
    keep: async (content: AreaContent) => {
      if (geometry && (await put(edited?.properties.boardId ?? `no-fly:${crypto.randomUUID()}`, { ...content, geometry }))) stop();
    },
    remove: async (boardId: string) => {
      if (await put(boardId, { removed: true })) stop();
    },
  };
}

export type NoFlyState = ReturnType<typeof useNoFly>;
