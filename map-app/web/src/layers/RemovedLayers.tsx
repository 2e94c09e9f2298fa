import { useEffect, useState } from 'react';
import { useAsked } from '../api/useAsked';
import { dateTime } from '../format/time';
import { useT } from '../i18n';
import { Failed, Loading } from '../panels/States';
import { removedLayers, restoreLayer } from './importApi';
import type { LayerList, MapLayer } from './types';

/** Layers that were taken off the map and can be brought back for some time. */
export function RemovedLayers({ list, onRestored }: { list: LayerList; onRestored: (layer: MapLayer) => void }) {
  const t = useT();
  const e = t.imported.edit;
  const [open, setOpen] = useState(false);
  const [removed, setRemoved] = useState<MapLayer[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const { said, run } = useAsked();
  useEffect(() => {
    if (!open) return;
    const abort = new AbortController();
    removedLayers(abort.signal).then(
      (found) => {
        setRemoved(found);
        setFailed(false);
      },
      () => abort.signal.aborted || setFailed(true),
    );
    return () => abort.abort();
  }, [open, list, attempt]);
  return (
    <details className="imported-kind layer-removed" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{e.removedOnes}</summary>
      {said && <p className="import-error" role="alert">{said.text}</p>}
      {failed ? <Failed title={t.imported.failed} onRetry={() => setAttempt((n) => n + 1)} /> : removed === null ? open && <Loading rows={1} /> : removed.length === 0 ? <p className="quiet">{e.noneRemoved}</p> : (
        <ul>
          {removed.map((layer) => (
            <li key={layer.layerId}>
              <div>
                <p className="imported-title">{layer.title}</p>
                <p className="quiet">{e.deletedAt(dateTime(t, layer.deletedAt))}</p>
              </div>
              <button type="button" className="button" aria-label={e.bringBack(layer.title)} onClick={() => void run(() => restoreLayer(layer.layerId), onRestored)}>{e.undo}</button>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
