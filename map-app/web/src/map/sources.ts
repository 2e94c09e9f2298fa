import type { Feature, FeatureCollection, Point } from 'geojson';
import type { AssetFeature, DeviceFeature, FindingFeature, PhotoFeature } from '../api/types';
import { markText } from '../format/asset';
import { degreeLabel } from '../review/degree';
import { boundsOf } from './bounds';

/** Turns features of the wire into what the map's sources hold: flat properties, and the id the source tells them by. */

/**
 * The property by which a source tells its features apart, and its value. The library writes the leading digits of a key into each tile as a number, and loses the whole tile when
 * that number needs more than 64 bits: one id of ours in 12,000 begins with twenty digits, and no key does.
 */
export const keyProperty = 'key';
export const keyOf = (id: string) => `#${id}`;

/** The same features, each with its key. */
export const keyed = (features: Feature[]): Feature[] =>
  features.map((f) => {
    const id: unknown = f.properties?.['id'];
    return typeof id === 'string' ? { ...f, properties: { ...f.properties, [keyProperty]: keyOf(id) } } : f;
  });

export const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

const point = (lon: number, lat: number, properties: Record<string, unknown>): Feature<Point> => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Point', coordinates: [lon, lat] },
});

/** Where a finding's badge stands: its centre, else the middle of its outline; null without a place. */
export function findingPlace(f: FindingFeature): [number, number] | null {
  const { centreLon, centreLat } = f.properties;
  if (centreLon != null && centreLat != null) return [centreLon, centreLat];
  const box = f.geometry && boundsOf([f.geometry]);
  return box ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : null;
}

export function findingPoint(f: FindingFeature): Feature[] {
  const place = findingPlace(f);
  const { findingId: id, score, status } = f.properties;
  return place ? [point(place[0], place[1], { id, kind: 'finding', score, status, class: f.properties.class, label: degreeLabel(f.properties) })] : [];
}

export function findingArea(f: FindingFeature): Feature[] {
  if (!f.geometry) return [];
  return [{ type: 'Feature', geometry: f.geometry, properties: { id: f.properties.findingId, kind: 'finding', score: f.properties.score, status: f.properties.status } }];
}

export function footprint(f: PhotoFeature): Feature[] {
  if (!f.geometry) return [];
  return [{ type: 'Feature', geometry: f.geometry, properties: { id: f.properties.photoId, kind: 'photo', placement: f.properties.placement } }];
}

export function assetShape(f: AssetFeature): Feature[] {
  if (!f.geometry) return [];
  const { assetId: id, kind: asset, name, ledgerId, km } = f.properties;
  const label = asset === 'mark' && km != null ? markText(km, 0) : asset === 'element' ? ledgerId : name || ledgerId;
  return [{ type: 'Feature', geometry: f.geometry, properties: { id, kind: 'asset', asset, label } }];
}

export function cameraPoint(f: PhotoFeature): Feature[] {
  const { photoId: id, cameraLon, cameraLat, yawDeg } = f.properties;
  return cameraLon == null || cameraLat == null ? [] : [point(cameraLon, cameraLat, { id, kind: 'photo', yawDeg: yawDeg ?? 0 })];
}

const deviceKinds = ['drone', 'lock', 'tablet', 'sensor'];
export const deviceKind = (kind: string | null | undefined) => (kind && deviceKinds.includes(kind) ? kind : 'other') as 'other';

export const isOnline = (f: DeviceFeature) => f.properties.state === 'online';

/** What is drawn over everything for the chosen thing. */
export function selectionShapes(chosen: { finding?: FindingFeature; photo?: PhotoFeature; asset?: AssetFeature }): Feature[] {
  const shapes: Feature[] = [];
  if (chosen.photo?.geometry) shapes.push({ type: 'Feature', geometry: chosen.photo.geometry, properties: { role: 'footprint' } });
  if (chosen.finding?.geometry) shapes.push({ type: 'Feature', geometry: chosen.finding.geometry, properties: { role: 'finding' } });
  if (chosen.asset?.geometry) shapes.push({ type: 'Feature', geometry: chosen.asset.geometry, properties: { role: 'asset' } });
  const points = chosen.finding ? findingPoint(chosen.finding) : [];
  return [...shapes, ...points.map((f) => ({ ...f, properties: { ...f.properties, role: 'point' } }))];
}
