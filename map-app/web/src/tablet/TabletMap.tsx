import { Download, Layers, LocateFixed, MessagesSquare, Minus, Navigation, Plus, Square, X } from 'lucide-react';
import { Marker } from 'maplibre-gl';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { SiteConfig } from '../api/types';
import type { Place } from '../edge/types';
import { number } from '../format/numbers';
import { useT } from '../i18n';
import { ImportedLayers } from '../layers/ImportedLayers';
import { PlaceCard } from '../layers/PlaceCard';
import { useMapLayers } from '../layers/useMapLayers';
import { WithdrawnNotice } from '../layers/WithdrawnNotice';
import type { MapController } from '../map/mapController';
import { MapView } from '../map/MapView';
import type { Pace } from '../map/pace';
import { Attribution } from '../panels/MapButtons';
import type { FieldStore, View } from '../state/store';
import type { Selection, UiState } from '../state/ui';
import type { UrlState } from '../state/url';
import { AreaSheet } from './AreaSheet';
import { HereCard, type Asked } from './HereCard';
import { whatIsHere } from './here';
import { ReportsSheet } from './ReportsSheet';
import type { Position } from './usePosition';
import type { Track } from './useTrack';
import type { SharedReport, Version } from './versions';

const nearZoom = 17;

interface Props {
  config: SiteConfig;
  store: FieldStore;
  pace: Pace;
  view: View;
  ui: UiState;
  start: UrlState;
  position: Position;
  track: Track;
  online: boolean;
  /** the person is choosing the place of the report */
  picking: boolean;
  onPick: (place: Place | null) => void;
  onSelect: (selection: Selection | null) => void;
  onReady: () => void;
  /** what tablets are called */
  labels: ReadonlyMap<string, string>;
  onAmend: (report: SharedReport, version: Version) => void;
}

/** The map under a finger: where am I, layers, what to take along, the track. */
export function TabletMap({ config, store, pace, view, ui, start, position, track, online, picking, onPick, onSelect, onReady, labels, onAmend }: Props) {
  const t = useT();
  const m = t.tablet.map;
  const [controller, setController] = useState<MapController | null>(null);
  const layers = useMapLayers(controller, ui.theme);
  const [sheet, setSheet] = useState<'layers' | 'areas' | 'reports' | null>(null);
  const [importing, setImporting] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [picked, setPicked] = useState<Place | null>(null);
  const padding = useMemo(() => ({ left: 0, right: 0 }), []);
  const { fix } = position;

  useDot(controller, fix?.lon ?? null, fix?.lat ?? null, 'me-dot');
  useDot(controller, picked?.lon ?? null, picked?.lat ?? null, 'pick-dot');
  useEffect(() => {
    controller?.setTap(picking ? (lon, lat) => setPicked({ lon, lat, accuracyM: null, by: 'map' }) : null, picking);
    return () => controller?.setTap(null, false);
  }, [controller, picking]);
  const box = useCallback((): [number, number, number, number] | null => {
    const b = controller?.view.getBounds();
    return b ? [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()] : null;
  }, [controller]);

  const whereAmI = () => {
    layers.closePlace();
    if (!fix) return setAsked({ accuracyM: null, here: null, lost: true });
    controller?.show([fix.lon, fix.lat], nearZoom);
    const question: Asked = { accuracyM: fix.accuracyM, here: null, lost: false };
    setAsked(question);
    void whatIsHere(fix.lon, fix.lat, layers.list?.layers ?? [], view.assets.values()).then((here) => setAsked((now) => (now === question ? { ...question, here } : now)));
  };
  const endPick = (place: Place | null) => {
    setPicked(null);
    onPick(place);
  };
  return (
    <div className="tablet-map">
      <MapView {...{ config, store, pace, view, ui, padding, start, onReady, onSelect }} onController={setController} />
      <WithdrawnNotice layers={layers} />
      {asked ? <HereCard asked={asked} onClose={() => setAsked(null)} /> : !picking && <PlaceCard layers={layers} />}
      {sheet === 'layers' && (
        <aside className="tablet-sheet" aria-label={m.layers}>
          <header>
            <h2>{m.layers}</h2>
            <button type="button" className="tool icon" onClick={() => setSheet(null)} aria-label={t.shortcuts.close}>
              <X aria-hidden />
            </button>
          </header>
          <ImportedLayers layers={layers} importing={importing} onImport={setImporting} onFit={(bounds) => controller?.fit(bounds, true)} />
        </aside>
      )}
      {sheet === 'reports' && <ReportsSheet {...{ view, labels, onAmend }} onShow={(place) => controller?.show(place, nearZoom)} onClose={() => setSheet(null)} />}
      {sheet === 'areas' && <AreaSheet open box={box} layers={layers} online={online} onClose={() => setSheet(null)} />}
      <div className="map-buttons">
        <div className="button-stack">
          <button type="button" className="tool icon" onClick={() => controller?.zoomBy(1)} aria-label={t.map.zoomIn} title={t.map.zoomIn}>
            <Plus aria-hidden />
          </button>
          <button type="button" className="tool icon" onClick={() => controller?.zoomBy(-1)} aria-label={t.map.zoomOut} title={t.map.zoomOut}>
            <Minus aria-hidden />
          </button>
        </div>
      </div>
      {picking ? (
        <div className="map-actions" role="group" aria-label={m.pick}>
          <p role="status">{m.pick}</p>
          <button type="button" className="button tall" onClick={() => endPick(null)}>
            {t.tablet.report.cancel}
          </button>
          <button type="button" className="button primary tall" disabled={!picked} onClick={() => endPick(picked)}>
            {m.pickDone}
          </button>
        </div>
      ) : (
        <div className="map-actions" role="group" aria-label={m.label}>
          <button type="button" className="button primary tall" onClick={whereAmI}>
            <LocateFixed aria-hidden size={24} /> {m.whereAmI}
          </button>
          <button type="button" className="button tall" aria-pressed={sheet === 'layers'} onClick={() => setSheet(sheet === 'layers' ? null : 'layers')}>
            <Layers aria-hidden size={24} /> {m.layers}
          </button>
          <button type="button" className="button tall" aria-pressed={sheet === 'reports'} onClick={() => setSheet(sheet === 'reports' ? null : 'reports')}>
            <MessagesSquare aria-hidden size={24} /> {m.reports}
          </button>
          <button type="button" className="button tall" onClick={() => setSheet('areas')}>
            <Download aria-hidden size={24} /> {m.areas}
          </button>
          <button type="button" className="button tall" aria-pressed={track.on} onClick={track.toggle}>
            {track.on ? <Square aria-hidden size={24} /> : <Navigation aria-hidden size={24} />} {track.on ? m.trackStop : m.trackStart}
          </button>
          {track.on && <p role="status">{m.tracking(number(track.points))}</p>}
        </div>
      )}
      <Attribution config={config} ui={ui} />
    </div>
  );
}

/** A mark that follows a place. */
function useDot(controller: MapController | null, lon: number | null, lat: number | null, className: string) {
  useEffect(() => {
    if (!controller || lon === null || lat === null) return;
    const element = document.createElement('div');
    element.className = className;
    const marker = new Marker({ element }).setLngLat([lon, lat]).addTo(controller.view);
    return () => void marker.remove();
  }, [controller, lon, lat, className]);
}
