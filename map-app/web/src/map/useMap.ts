import type { FeatureCollection } from 'geojson';
import { GPUInitializationError } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import { useEffect, useEffectEvent, useRef, useState, type RefObject } from 'react';
import { getCity } from '../api/client';
import type { SiteConfig } from '../api/types';
import type { MapController } from './mapController';

export interface Hung {
  holder: RefObject<HTMLDivElement | null>;
  controller: MapController | null;
  /** nothing can be drawn here, or only without the base map */
  failed: 'webgl' | 'base' | null;
}

/** Hangs a map into an element: makes it as soon as the base map is known, hands it over as soon as it takes data, and takes it away with the element. */
export function useMap(
  config: SiteConfig,
  make: (element: HTMLElement, city: FeatureCollection | null) => MapController,
  onController: (controller: MapController | null) => void,
): Hung {
  const holder = useRef<HTMLDivElement>(null);
  const [controller, setController] = useState<MapController | null>(null);
  const [failed, setFailed] = useState<Hung['failed']>(null);
  const open = useEffectEvent((element: HTMLElement, city: FeatureCollection | null) => {
    try {
      return make(element, city);
    } catch (error) {
      if (!(error instanceof GPUInitializationError)) throw error;
      setFailed('webgl');
      return null;
    }
  });
  const hand = useEffectEvent((made: MapController | null) => {
    setController(made);
    onController(made);
  });

  useEffect(() => {
    const abort = new AbortController();
    let made: MapController | null = null;
    void getCity(abort.signal)
      .catch(() => {
        if (!abort.signal.aborted) setFailed('base');
        return null;
      })
      .then(async (city) => {
        if (abort.signal.aborted || !holder.current) return;
        made = open(holder.current, city);
        await made?.takesData;
        if (made && !abort.signal.aborted) hand(made);
      });
    return () => {
      abort.abort();
      made?.remove();
      hand(null);
    };
  }, [config]);
  return { holder, controller, failed };
}
