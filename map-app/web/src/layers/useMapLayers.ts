import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { getJson } from '../api/client';
import type { MapController } from '../map/mapController';
import type { Theme } from '../state/ui';
import { readShown, shownOf, writeShown } from './shown';
import type { LayerAt, LayerList, MapLayer, Shown } from './types';

const renewMs = 60_000; // layers that not everybody may see are not announced, and a line may have been lost
const retryMs = 10_000;
const reachPx = 8;

/** What a page shows of the layers. */
export interface LayerChoice {
  accept: (layer: MapLayer) => boolean;
  /** What is on at the start, by layer; whatever it does not name stays as this browser kept it. */
  first: (layers: MapLayer[], kept: Record<string, Shown>) => Record<string, boolean>;
}

export const everyLayer: LayerChoice = { accept: () => true, first: () => ({}) };

export interface PlaceAnswer {
  lon: number;
  lat: number;
  /** null while the server is asked */
  answers: LayerAt[] | null;
  failed: boolean;
}

export interface MapLayers {
  list: LayerList | null;
  failed: boolean;
  shown: (id: string) => Shown;
  change: (id: string, part: Partial<Shown>) => void;
  renew: () => void;
  place: PlaceAnswer | null;
  closePlace: () => void;
}

/** The imported layers that are accepted: the list, what of it is on the map, and what holds at the place that was clicked. */
export function useMapLayers(controller: MapController | null, theme: Theme, choice: LayerChoice = everyLayer): MapLayers {
  const [fetched, setFetched] = useState<LayerList | null>(null);
  const { accept } = choice;
  const list = useMemo(() => fetched && { ...fetched, layers: fetched.layers.filter(accept) }, [fetched, accept]);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [shown, setShown] = useState(() => readShown(window.localStorage));
  const begun = useRef(false);
  const renew = useCallback(() => setAttempt((n) => n + 1), []);

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (ms: number) => (timer = setTimeout(() => setAttempt((n) => n + 1), ms));
    getJson<LayerList>('/api/v1/layers', abort.signal).then(
      (next) => {
        setFetched(next);
        if (!begun.current) {
          begun.current = true;
          setShown((kept) => ({ ...kept, ...Object.fromEntries(Object.entries(choice.first(next.layers.filter(choice.accept), kept)).map(([id, on]) => [id, { ...shownOf(kept, id), on }])) }));
        }
        setFailed(false);
        again(renewMs);
      },
      () => {
        if (abort.signal.aborted) return;
        setFailed(true);
        again(retryMs);
      },
    );
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [attempt, choice]);

  const change = useCallback((id: string, part: Partial<Shown>) => {
    setShown((was) => {
      const next = { ...was, [id]: { ...shownOf(was, id), ...part } };
      writeShown(window.localStorage, next);
      return next;
    });
  }, []);

  // the first kind of the list, which people look for first, is drawn last
  const layers = useMemo(() => list?.layers.toSorted((a, b) => list.kinds.indexOf(b.kind) - list.kinds.indexOf(a.kind)) ?? [], [list]);
  useEffect(() => controller?.setImported(layers, (id) => shownOf(shown, id), theme), [controller, layers, shown, theme]);
  const [place, closePlace] = usePlace(controller, layers.filter((l) => shownOf(shown, l.layerId).on));
  return { list, failed, shown: (id) => shownOf(shown, id), change, renew, place, closePlace };
}

/** Asks every layer that is on what holds where the map was clicked. */
function usePlace(controller: MapController | null, on: MapLayer[]): [PlaceAnswer | null, () => void] {
  const [place, setPlace] = useState<PlaceAnswer | null>(null);
  const clicked = useEffectEvent((lon: number, lat: number, metresPerPixel: number) => {
    if (on.length === 0) return setPlace(null);
    const asked: PlaceAnswer = { lon, lat, answers: null, failed: false };
    setPlace(asked);
    const withinM = Math.min(1000, Math.ceil(metresPerPixel * reachPx));
    Promise.all(on.map((l) => getJson<LayerAt>(`/api/v1/layers/${l.layerId}/at?lon=${lon.toFixed(7)}&lat=${lat.toFixed(7)}&withinM=${withinM}`))).then(
      (answers) => setPlace((now) => (now === asked ? { ...asked, answers } : now)),
      () => setPlace((now) => (now === asked ? { ...asked, answers: [], failed: true } : now)),
    );
  });
  useEffect(() => {
    controller?.setPlaceHandler((lon, lat, metresPerPixel) => clicked(lon, lat, metresPerPixel));
    return () => controller?.setPlaceHandler(null);
  }, [controller]);
  return [place, useCallback(() => setPlace(null), [])];
}
