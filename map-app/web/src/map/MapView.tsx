import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { SiteConfig } from '../api/types';
import { useT } from '../i18n';
import { passes } from '../state/filters';
import type { FieldStore, View } from '../state/store';
import type { Selection, UiState } from '../state/ui';
import { readUrl, writeUrl } from '../state/url';
import { showArrivals } from './arrivals';
import { boundsOf } from './bounds';
import { MapController, type StartView } from './mapController';
import { findingPlace, selectionShapes } from './sources';
import type { Pace } from './pace';
import type { Look } from './style';
import { useMap } from './useMap';

interface Props {
  config: SiteConfig;
  store: FieldStore;
  view: View;
  ui: UiState;
  start: StartView;
  pace: Pace;
  padding: { left: number; right: number };
  onSelect: (selection: Selection | null) => void;
  onController: (controller: MapController | null) => void;
  onReady: () => void;
}

/** Hangs the map into React: makes it once, then hands it only what changed. */
export function MapView(props: Props) {
  const { config, store, ui, padding } = props;
  const t = useT();
  const look: Look = useMemo(
    () => ({ theme: ui.theme, lang: ui.lang, layers: ui.layers, gsi: ui.gsi }),
    [ui.theme, ui.lang, ui.layers, ui.gsi],
  );
  const shows = useMemo(() => passes(ui.filters), [ui.filters]);
  const shared = useRef({ selection: ui.selection, review: ui.review, wall: ui.wall, ...props.start });
  const [lost, setLost] = useState(false);
  const { holder, controller, failed } = useMap(
    config,
    (element, city) =>
      new MapController(element, config, city, look, props.start, {
        onSelect: (selection) => props.onSelect(selection),
        onMoved: (lon, lat, zoom) => {
          shared.current = { ...shared.current, lon, lat, zoom };
          writeAddress(shared.current);
        },
        onLost: () => setLost(true),
      }, props.pace),
    props.onController,
  );

  useEffect(() => {
    if (!controller) return;
    controller.applyAll(store.getView());
    return store.onChanges((changes) => {
      controller.apply(changes);
      showArrivals(controller.view, changes.arrived);
    });
  }, [controller, store]);

  useEffect(() => controller?.setLook(look), [controller, look]);
  useEffect(() => controller?.setPadding(padding), [controller, padding]);
  useEffect(() => controller?.canvas.setAttribute('aria-label', t.map.label), [controller, t]);
  useEffect(() => controller?.setFindingFilter(shows, store.getView().findings.values()), [controller, shows, store]);
  useEffect(() => {
    shared.current = { ...shared.current, selection: ui.selection, review: ui.review, wall: ui.wall };
    writeAddress(shared.current);
  }, [ui.selection, ui.review, ui.wall]);
  useSelection(props, controller);
  useFirstFit(props, controller);

  return (
    <div className="map" data-base={ui.gsi ? 'gsi' : 'own'} inert={ui.wall}>
      <div ref={holder} className="map-holder" />
      {failed === 'webgl' && (
        <div className="map-failed" role="alert">
          <h2>{t.map.failed}</h2>
          <p>{t.map.failedHint}</p>
        </div>
      )}
      {lost && (
        <p className="map-notice" role="alert">
          {t.map.lost}
        </p>
      )}
      {failed === 'base' && !lost && (
        <p className="map-notice" role="status">
          {t.map.baseFailed}
        </p>
      )}
    </div>
  );
}

/** Keeps the address such that it brings another person to this view. */
function writeAddress(view: StartView & { selection: Selection | null; review: boolean; wall: boolean }): void {
  if (view.wall) return window.history.replaceState(null, '', '?view=wall'); // where it looks follows from what happens
  if (!view.review && (view.lon === null || view.lat === null || view.zoom === null)) return;
  const { screen } = readUrl(window.location.search); // which screen it is stays as it was asked for
  window.history.replaceState(null, '', `${writeUrl(view)}${screen && screen !== 'wall' ? `&view=${screen}` : ''}`);
}

/** Outlines the chosen thing, and brings it into view when it was chosen. */
function useSelection({ view, ui }: Props, controller: MapController | null) {
  const { selection } = ui;
  const finding = selection?.kind === 'finding' ? view.findings.get(selection.id) : undefined;
  const photoId = selection?.kind === 'photo' ? selection.id : finding?.properties.photoId;
  const photo = photoId === undefined ? undefined : view.photos.get(photoId);
  const device = selection?.kind === 'device' ? view.devices.get(selection.id) : undefined;
  const asset = selection?.kind === 'asset' ? view.assets.get(selection.id) : undefined;
  const shownFor = useRef<MapController | null>(null);

  useEffect(() => {
    if (ui.review) return; // the map is hidden: it catches up when it is seen again
    controller?.setSelection(selectionShapes({ ...(finding && { finding }), ...(photo && { photo }), ...(asset && { asset }) }));
  }, [controller, finding, photo, asset, ui.review]);
  useEffect(() => {
    if (!ui.review) controller?.chooseDevice(selection?.kind === 'device' ? selection.id : null);
  }, [controller, selection, ui.review]);

  const known = finding ?? photo ?? device ?? asset;
  const key = known && selection ? `${selection.kind}/${selection.id}` : null;
  const bring = useEffectEvent((c: MapController) => {
    const first = shownFor.current !== c; // a shared link: be there at once
    shownFor.current = c;
    if (finding) {
      const place = findingPlace(finding);
      if (place) c.show(place, 20.6, !first);
    } else if (selection?.kind === 'photo') c.fit(boundsOf([photo?.geometry ?? null]), !first, 20);
    else if (asset) c.fit(boundsOf([asset.geometry]), !first, 19);
    else if (device?.geometry) c.show(device.geometry.coordinates as [number, number], 17, !first);
  });
  useEffect(() => {
    if (controller && key !== null && !ui.review) bring(controller);
  }, [controller, key, ui.review]);
}

/** After the first snapshots: fits the map to what there is, unless a link said where to look; then reports ready. */
function useFirstFit({ view, start, ui, onReady }: Props, controller: MapController | null) {
  const done = useRef(false);
  const settled = !Object.values(view.load).includes('loading');
  const first = useEffectEvent((c: MapController) => {
    if (done.current) return;
    done.current = true;
    if (start.lon === null && ui.selection === null && !ui.wall) c.fit(everything(view), false);
    c.whenDrawn(onReady);
  });
  useEffect(() => {
    if (controller && settled) first(controller);
  }, [controller, settled]);
}

/** The box around all that has a place. */
export function everything(view: View) {
  const photos = boundsOf(view.photos.values().map((f) => f.geometry));
  if (photos) return photos;
  return boundsOf([...view.findings.values().map((f) => f.geometry), ...view.devices.values().map((f) => f.geometry)]);
}
