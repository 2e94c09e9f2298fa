import type { Geometry } from 'geojson';
import type { Position } from './geodesy';

/** The corners of a drawing, each once: a ring without the closing one. */
export function verticesOf(geometry: Geometry | null): Position[] {
  if (geometry?.type === 'Point') return [geometry.coordinates as Position];
  if (geometry?.type === 'LineString') return geometry.coordinates as Position[];
  return geometry?.type === 'Polygon' ? (geometry.coordinates[0]!.slice(0, -1) as Position[]) : [];
}

/** The same kind of drawing with other corners. */
export function withVertices(geometry: Geometry, points: Position[]): Geometry {
  if (geometry.type === 'Polygon') return { type: 'Polygon', coordinates: [[...points, points[0]!]] };
  return geometry.type === 'LineString' ? { type: 'LineString', coordinates: points } : { type: 'Point', coordinates: points[0]! };
}

const least: Partial<Record<Geometry['type'], number>> = { Point: 1, LineString: 2, Polygon: 3 };

/** A line of one place and a ring of two are none. */
export const mayRemove = (geometry: Geometry | null, points: Position[]) => geometry !== null && points.length > (least[geometry.type] ?? Infinity);

export const moved = (points: Position[], at: number, to: Position) => points.map((p, i) => (i === at ? to : p));
export const removed = (points: Position[], at: number) => points.filter((_, i) => i !== at);
export const inserted = (points: Position[], after: number, at: Position) => [...points.slice(0, after + 1), at, ...points.slice(after + 1)];

/** The middle of each edge: the place after which a corner may be added, and where. */
export function middles(geometry: Geometry | null, points: Position[]): { after: number; at: Position }[] {
  const edges = geometry?.type === 'Polygon' ? points.length : geometry?.type === 'LineString' ? points.length - 1 : 0;
  return Array.from({ length: edges }, (_, after) => {
    const [from, to] = [points[after]!, points[(after + 1) % points.length]!];
    return { after, at: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] };
  });
}
