import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../access/may';
import type { Answer } from '../api/answer';
import type { AssetFeature, PhotoProperties } from '../api/types';
import { putBoard, undoBoard } from '../board/api';
import { generalViews, viewId, viewOf, type BoardFeature } from '../board/types';
import { useChange } from '../board/useChange';
import { distanceM, type Position } from '../draw/geodesy';
import { assetName } from '../format/asset';
import { dateTime } from '../format/time';
import { useT } from '../i18n';
import { boundsOf } from '../map/bounds';
import type { FieldStore, View } from '../state/store';
import { Choice } from './Choice';

const mostBridges = 8;
/** A photo of a bridge is not taken from farther away. */
const reachM = 1000;

interface Props {
  photo: PhotoProperties;
  /** the asset of the finding that is open, or null */
  assetId: string | null;
  view: View;
  store: FieldStore;
  person: string;
  onAskPerson: () => void;
}

/** The bridges that a photo may show, the nearest first; those named before them. */
export function bridgesNear(assets: AssetFeature[], photo: Pick<PhotoProperties, 'cameraLon' | 'cameraLat'>, named: (string | null | undefined)[]): AssetFeature[] {
  const bridges = assets.filter((a) => a.properties.kind === 'bridge');
  const at: Position | null = photo.cameraLon != null && photo.cameraLat != null ? [photo.cameraLon, photo.cameraLat] : null;
  const away = (a: AssetFeature) => {
    const box = boundsOf([a.geometry]);
    if (!at || !box) return Infinity;
    const [west, south, east, north] = box;
    return distanceM(at, [Math.min(Math.max(at[0], west), east), Math.min(Math.max(at[1], south), north)]);
  };
  const first = named.flatMap((id) => bridges.filter((b) => b.properties.assetId === id));
  const near = bridges.map((b) => ({ b, m: away(b) })).filter(({ m }) => m <= reachM).sort((one, other) => one.m - other.m).map(({ b }) => b);
  return [...new Set([...first, ...near])].slice(0, mostBridges);
}

/** Chooses the photo for the page of general views of a bridge's record. */
export function GeneralViews({ photo, assetId, view, store, person, onAskPerson }: Props) {
  const t = useT();
  const g = t.generalView;
  const may = useMay('findings.decide');
  const [chosen, setChosen] = useState<string | null>(null);
  const change = useChange(store);
  const { busy, said } = change;
  const boardId = viewId(photo.photoId);
  const row = view.board.get(boardId)?.properties;
  const bridges = bridgesNear(view.assets.values(), photo, [row?.assetId, assetId]);
  const bridge = chosen ?? row?.assetId ?? bridges[0]?.properties.assetId ?? null;
  if (!bridge || (!may && !row)) return null;
  const revision = row?.revision ?? view.board.goneAt(boardId) ?? 0;
  const run = (ask: () => Promise<Answer<BoardFeature>>) => (person ? void change.run(ask) : onAskPerson());
  return (
    <section className="facts general-view" aria-label={g.title}>
      <h3>{g.title}</h3>
      {bridges.length > 1 ? (
        <Choice label={g.bridge} value={bridge} options={bridges.map((b) => [b.properties.assetId, assetName(t, b.properties.assetId, b)])} onChange={setChosen} disabled={!may || busy} />
      ) : (
        <p>{assetName(t, bridge, view.assets.get(bridge))}</p>
      )}
      <div className="follow-states" role="group" aria-label={g.title}>
        {generalViews.map((state) => {
          const on = row !== undefined && viewOf(row) === state && row.assetId === bridge;
          return (
            <button key={state} type="button" className="chip" data-state={on ? 'on' : 'off'} aria-pressed={on} disabled={!may || busy} onClick={() => run(() => putBoard(boardId, on ? { removed: true } : { state, assetId: bridge }, revision, person))}>
              {g.kind[state]}
            </button>
          );
        })}
      </div>
      {row && may && (
        <button type="button" className="text-button" disabled={busy} onClick={() => run(() => undoBoard(boardId, revision, person))}>
          <Undo2 aria-hidden size={18} /> {t.board.follow.undo}
        </button>
      )}
      <p className="note" role={said ? 'alert' : 'status'} data-bad={said !== null}>
        {said ?? (row ? t.board.follow.by(row.changedBy ?? '', dateTime(t, row.changedAt)) : g.hint)}
      </p>
    </section>
  );
}
