import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import 'maplibre-gl/dist/maplibre-gl.css';
import { getCity } from '../api/client';
import type { SiteConfig } from '../api/types';
import { useT, type Lang } from '../i18n';
import { MapController } from '../map/mapController';
import { Pace } from '../map/pace';
import type { Look } from '../map/style';
import type { Theme } from '../state/ui';

const nothing = { findings: false, footprints: false, cameras: false, devices: false, assets: false, doors: false };

interface Props {
  config: SiteConfig;
  theme: Theme;
  lang: Lang;
  /** where to look is known already */
  fixed: boolean;
  onController: (controller: MapController | null) => void;
}

/** The base map, and nothing of Field's own on it. */
export function PublicMap({ config, theme, lang, fixed, onController }: Props) {
  const t = useT();
  const holder = useRef<HTMLDivElement>(null);
  const [controller, setController] = useState<MapController | null>(null);
  const [failed, setFailed] = useState(false);
  const look: Look = useMemo(() => ({ theme, lang, layers: nothing, gsi: config.gsiTiles !== null }), [theme, lang, config]);
  const make = useEffectEvent((element: HTMLElement, city: Awaited<ReturnType<typeof getCity>>) =>
    new MapController(element, config, city, look, { lon: null, lat: null, zoom: null }, { onSelect: () => undefined, onMoved: () => undefined }, new Pace()));
  const hand = useEffectEvent((made: MapController | null) => {
    setController(made);
    onController(made);
  });
  useEffect(() => {
    const abort = new AbortController();
    let made: MapController | null = null;
    void getCity(abort.signal)
      .catch(() => null)
      .then(async (city) => {
        if (abort.signal.aborted || !holder.current) return;
        if (!document.createElement('canvas').getContext('webgl2')) return setFailed(true);
        made = make(holder.current, city);
        await made.loaded;
        if (!abort.signal.aborted) hand(made);
      });
    return () => {
      abort.abort();
      made?.remove();
      hand(null);
    };
  }, [config]);
  useEffect(() => controller?.setLook(look), [controller, look]);
  useEffect(() => {
    if (!controller || fixed) return;
    controller.fit(null, false);
  }, [controller, fixed]);
  return (
    <div className="map" role="region" aria-label={t.map.label}>
      <div ref={holder} className="map-holder" />
      {failed && (
        <div className="map-failed" role="alert">
          <h2>{t.map.failed}</h2>
          <p>{t.map.failedHint}</p>
        </div>
      )}
    </div>
  );
}
