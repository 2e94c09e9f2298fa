import type { Feature } from 'geojson';
import { Marker, type FilterSpecification, type GeoJSONSource, type Map as MapLibreMap } from 'maplibre-gl';
import { useCallback, useEffect, useEffectEvent, type Dispatch } from 'react';
import { boldFonts } from '../map/baseLayers';
import { boundsOf } from '../map/bounds';
import type { MapController } from '../map/mapController';
import { palettes } from '../map/palette';
import type { Theme } from '../state/ui';
import type { DrawingAction, Place } from './route';
import { usePublicTexts } from './texts';

const id = 'own-route';
const ink = '#00118F';

/** The way as line and numbered points, on top of everything; while it is drawn, a tap adds a point and each can be dragged. Gives: show all of it. */
export function useRouteOnMap(controller: MapController | null, points: Place[], isDrawing: boolean, act: Dispatch<DrawingAction>, theme: Theme): (points: Place[], animate: boolean) => void {
  const p = usePublicTexts();
  useEffect(() => {
    if (!controller) return;
    const map = controller.view;
    if (!map.getSource(id)) addLayers(map);
    map.setPaintProperty(`${id}:casing`, 'line-color', palettes[theme].halo);
    void map.getSource<GeoJSONSource>(id)!.setData({ type: 'FeatureCollection', features: shapes(points) });
  }, [controller, points, theme]);

  const add = useEffectEvent((place: Place) => act({ do: 'add', place }));
  useEffect(() => {
    if (!controller || !isDrawing) return;
    controller.setTap((lon, lat) => add([lon, lat]), true);
    return () => controller.setTap(null, false);
  }, [controller, isDrawing]);

  useEffect(() => {
    if (!controller || !isDrawing) return;
    const markers = points.map((place, at) => {
      const element = document.createElement('div');
      element.className = 'public-handle';
      element.title = p.move(p.point(at + 1, points.length));
      element.addEventListener('click', (e) => e.stopPropagation()); // a tap on a point adds none
      const marker = new Marker({ element, draggable: true }).setLngLat(place).addTo(controller.view);
      element.setAttribute('aria-hidden', 'true'); // the list beside the map is how points are reached without a pointer
      marker.on('dragend', () => {
        const { lng, lat } = marker.getLngLat();
        act({ do: 'move', at, place: [lng, lat] });
      });
      return marker;
    });
    return () => markers.forEach((m) => m.remove());
  }, [controller, isDrawing, points, act, p]);

  return useCallback((all: Place[], animate: boolean) => controller?.fit(boundsOf([{ type: 'MultiPoint', coordinates: all }]), animate, 17), [controller]);
}

function addLayers(map: MapLibreMap): void {
  map.addSource(id, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
  const line = { type: 'line' as const, source: id, filter: ['==', ['geometry-type'], 'LineString'] as FilterSpecification, layout: { 'line-cap': 'round' as const, 'line-join': 'round' as const } };
  map.addLayer({ ...line, id: `${id}:casing`, paint: { 'line-color': '#fff', 'line-width': 10 } });
  map.addLayer({ ...line, id: `${id}:line`, paint: { 'line-color': ink, 'line-width': 6 } });
  map.addLayer({ id: `${id}:point`, type: 'circle', source: id, filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 11, 'circle-color': '#fff', 'circle-stroke-color': ink, 'circle-stroke-width': 3 } });
  map.addLayer({
    id: `${id}:number`,
    type: 'symbol',
    source: id,
    filter: ['==', ['geometry-type'], 'Point'],
    layout: { 'text-field': ['get', 'n'], 'text-font': boldFonts, 'text-size': 13, 'text-allow-overlap': true, 'text-ignore-placement': true },
    paint: { 'text-color': ink },
  });
}

function shapes(points: Place[]): Feature[] {
  const line: Feature[] = points.length > 1 ? [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: points } }] : [];
  return [...line, ...points.map((coordinates, i): Feature => ({ type: 'Feature', properties: { n: String(i + 1) }, geometry: { type: 'Point', coordinates } }))];
}
