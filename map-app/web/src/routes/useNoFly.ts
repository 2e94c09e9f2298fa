import type { Feature, Geometry } from 'geojson';
import { useCallback, useMemo, useState } from 'react';
import { putBoard, type BoardAnswer, type BoardValues } from '../board/api';
import type { BoardFeature, BoardProperties } from '../board/types';
import type { Position } from '../draw/geodesy';
import { didStep, noSteps, redoStep, undoStep } from '../draw/history';
import { useSketch } from '../draw/useSketch';
import { useVertices } from '../draw/useVertices';
import { useT } from '../i18n';
import type { MapController } from '../map/mapController';
import type { FieldStore, View } from '../state/store';

/** What keeping areas needs of the page. */
export interface NoFlyContext {
  controller: MapController | null;
  view: View;
  store: FieldStore;
  person: string;
  onAskPerson: () => void;
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
export function useNoFly({ controller, view, store, person, onAskPerson }: NoFlyContext) {
  const t = useT();
  const [doing, setDoing] = useState<Doing>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [steps, setSteps] = useState(noSteps);
  const version = view.board.version;
  const areas = useMemo(() => keptAreas(view.board.values()), [view.board, version]);
  const edited = doing?.do === 'edit' ? areas.find((a) => a.properties.boardId === doing.boardId) : undefined;
  const revisionOf = (id: string) => view.board.get(id)?.properties.revision ?? view.board.goneAt(id) ?? 0;
  const took = (answer: BoardAnswer | null) => {
    if (answer && (answer.kind === 'done' || answer.kind === 'conflict') && answer.row) store.applyOwn({ kind: 'board', feature: answer.row });
    setSaid(!answer || answer.kind === 'done' ? null : answer.kind === 'refused' ? answer.error : answer.kind === 'conflict' ? t.draw.conflict : t.board.follow.failed);
  };
  const put = async (boardId: string, values: BoardValues) => {
    if (!person) {
      onAskPerson();
      return false;
    }
    const answer = await putBoard(boardId, values, revisionOf(boardId), person);
    took(answer);
    if (answer.kind === 'done') setSteps((old) => didStep(old, { boardId, values }));
    return answer.kind === 'done';
  };
  const again = async (run: typeof undoStep) => {
    if (!person) return onAskPerson();
    const { answer, steps: next } = await run(steps, revisionOf, person);
    took(answer);
    setSteps(next);
  };
  const stop = useCallback(() => {
    setDoing(null);
    setSaid(null);
  }, []);
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
    areas, doing, edited, geometry, said, sketch, vertices, stop,
    draw: () => setDoing({ do: 'draw' }),
    edit: (boardId: string) => setDoing({ do: 'edit', boardId }),
    /** Keeps the drawn area, or the edited one. */
    keep: async (content: AreaContent) => {
      if (geometry && (await put(edited?.properties.boardId ?? `no-fly:${crypto.randomUUID()}`, { ...content, geometry }))) stop();
    },
    remove: async (boardId: string) => {
      if (await put(boardId, { removed: true })) stop();
    },
    undo: steps.done.length > 0 ? () => void again(undoStep) : null,
    redo: steps.undone.length > 0 ? () => void again(redoStep) : null,
  };
}

export type NoFlyState = ReturnType<typeof useNoFly>;
