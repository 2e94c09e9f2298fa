import { useEffect, useMemo } from 'react';
import type { SiteConfig } from '../api/types';
import { useT, type Lang } from '../i18n';
import { MapController } from '../map/mapController';
import { Pace } from '../map/pace';
import type { Look } from '../map/style';
import { useMap } from '../map/useMap';
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
  const look: Look = useMemo(() => ({ theme, lang, layers: nothing, gsi: config.gsiTiles !== null }), [theme, lang, config]);
  const { holder, controller, failed } = useMap(
    config,
    (element, city) => new MapController(element, config, city, look, { lon: null, lat: null, zoom: null }, { onSelect: () => undefined, onMoved: () => undefined, onLost: () => undefined }, new Pace()),
    onController,
  );
  useEffect(() => controller?.setLook(look), [controller, look]);
  useEffect(() => {
    if (!controller || fixed) return;
    controller.fit(null, false);
  }, [controller, fixed]);
  return (
    <div className="map" role="region" aria-label={t.map.label}>
      <div ref={holder} className="map-holder" />
      {failed === 'webgl' && (
        <div className="map-failed" role="alert">
          <h2>{t.map.failed}</h2>
          <p>{t.map.failedHint}</p>
        </div>
      )}
    </div>
  );
}
