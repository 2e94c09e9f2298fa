import type { Feature, FeatureCollection } from 'geojson';
import type { GeoJSONSource } from 'maplibre-gl';
import type { MapController } from '../map/mapController';
import { firstOverlay } from '../map/overlayLayers';
import type { HazardClass } from './types';

const source = 'impact';
const layers = ['impact-fill', 'impact-edge'];

/** Each area in the colour of the worst class in which somebody lives; hidden counts are of somebody. */
export function coloured(areas: FeatureCollection, classes: HazardClass[], leastClass: number): Feature[] {
  const worst = (properties: Record<string, unknown>) => classes.findLast((c) => c.number >= Math.max(1, leastClass) && properties[`class${c.number}People`] !== 0);
  return areas.features.flatMap((f) => {
    const found = worst(f.properties ?? {});
    return found?.colour ? [{ ...f, properties: { colour: found.colour } }] : [];
  });
}

/** Draws areas under everything of Field's own; none takes them away. */
export function drawAreas(controller: MapController, shapes: Feature[]): void {
  const map = controller.view;
  const data: FeatureCollection = { type: 'FeatureCollection', features: shapes };
  const known = map.getSource<GeoJSONSource>(source);
  if (shapes.length === 0) {
    for (const id of layers) if (map.getLayer(id)) map.removeLayer(id);
    if (known) map.removeSource(source);
    return;
  }
  if (known) return void known.setData(data);
  map.addSource(source, { type: 'geojson', data });
  const before = map.getLayer(firstOverlay) ? firstOverlay : undefined;
  map.addLayer({ id: layers[0]!, type: 'fill', source, paint: { 'fill-color': ['get', 'colour'], 'fill-opacity': 0.65 } }, before);
  map.addLayer({ id: layers[1]!, type: 'line', source, paint: { 'line-color': '#333333', 'line-width': 0.8 } }, before);
}
