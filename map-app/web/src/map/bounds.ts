import type { Geometry, Position } from 'geojson';

/** west, south, east, north in degrees */
export type Box = [number, number, number, number];

/** The box around geometries; null when there is nothing in them. */
export function boundsOf(geometries: Iterable<Geometry | null>): Box | null {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries) if (geometry && geometry.type !== 'GeometryCollection') grow(box, geometry.coordinates);
  return box[0] <= box[2] ? box : null;
}

function grow(box: Box, coordinates: Position | Position[] | Position[][] | Position[][][]): void {
  const [lon, lat] = coordinates;
  if (typeof lon === 'number' && typeof lat === 'number') {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  } else {
    for (const inner of coordinates) grow(box, inner as Position);
  }
}
