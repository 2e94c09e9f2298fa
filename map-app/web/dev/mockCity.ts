import type { Feature, Geometry } from 'geojson';

/** Metres east and north of the mock site's origin, as lon, lat. */
export const origin = { lon: Number(process.env['FIELD_MOCK_LON'] ?? 139.005), lat: Number(process.env['FIELD_MOCK_LAT'] ?? 36.395) };
export const place = (eastM: number, northM: number): [number, number] => [
  origin.lon + eastM / (111_320 * Math.cos((origin.lat * Math.PI) / 180)),
  origin.lat + northM / 110_950,
];
export const rect = (x: number, y: number, w: number, h: number): Geometry => ({
  type: 'Polygon',
  coordinates: [[place(x, y), place(x + w, y), place(x + w, y + h), place(x, y + h), place(x, y)]],
});
const line = (...points: [number, number][]): Geometry => ({ type: 'LineString', coordinates: points.map(([x, y]) => place(x, y)) });
const feature = (layer: string, geometry: Geometry, more: Record<string, unknown> = {}): Feature => ({ type: 'Feature', geometry, properties: { layer, ...more } });

/** A town between two grids with a river and a bridge: enough to see every layer of the base map. */
export function mockCity(): Feature[] {
  const city = [feature('land', rect(-2000, -2000, 4000, 4000)), feature('field', rect(-1500, 250, 900, 700)), feature('park', rect(300, 260, 300, 200), { name: '河川敷公園', nameEn: 'Riverside Park' })];
  city.push(feature('river', rect(-2000, -120, 4000, 240), { name: '青葉川', nameEn: 'Aoba River' }));
  for (const [y, name, nameEn] of [[130, '青葉川左岸堤', 'Left bank levee'], [-160, '青葉川右岸堤', 'Right bank levee']] as const)
    city.push(feature('levee', rect(-2000, y, 4000, 30), { name, nameEn }));
  for (let i = -9; i <= 9; i++) {
    city.push(feature('road', line([i * 110, 170], [i * 110, 1200]), { class: i % 4 === 0 ? 'major' : 'minor' }));
    city.push(feature('road', line([i * 110, -170], [i * 110, -1200]), { class: i % 4 === 0 ? 'major' : 'minor' }));
  }
  for (let j = 2; j <= 10; j++)
    for (const s of [1, -1]) city.push(feature('road', line([-1000, s * j * 105], [1000, s * j * 105]), { class: j === 4 ? 'major' : 'minor', ...(j === 4 ? { name: '県道12号', nameEn: 'Route 12' } : {}) }));
  city.push(feature('railway', line([-2000, -900], [2000, -700]), { name: '青葉線', nameEn: 'Aoba Line' }));
  city.push(feature('bridge', rect(-8, -175, 16, 350), { name: '青葉大橋', nameEn: 'Aoba Bridge' }));
  for (let i = -9; i < 9; i++)
    for (let j = 2; j < 10; j++)
      for (const s of [1, -1])
        for (let k = 0; k < 4; k++) {
          const x = i * 110 + 14 + (k % 2) * 48;
          const y = s > 0 ? j * 105 + 12 + (k >> 1) * 46 : -j * 105 - 93 + (k >> 1) * 46;
          if ((i * 7 + j * 13 + k * 5) % 6 !== 0) city.push(feature('building', rect(x, y, 20 + ((i * i + k * 7) % 16), 16 + ((j * j + k * 5) % 14))));
        }
  city.push(feature('label', { type: 'Point', coordinates: place(-500, 620) }, { kind: 'district', name: '緑町', nameEn: 'Midori-cho' }));
  city.push(feature('label', { type: 'Point', coordinates: place(480, -620) }, { kind: 'district', name: '南町', nameEn: 'Minami-cho' }));
  const label = (kind: string, x: number, y: number, name: string, nameEn: string) => city.push(feature('label', { type: 'Point', coordinates: place(x, y) }, { kind, name, nameEn }));
  label('river', -420, 0, '青葉川', 'Aoba River');
  label('bridge', 0, 30, '青葉大橋', 'Aoba Bridge');
  label('levee', 300, 145, '青葉川左岸堤防', 'Left levee');
  label('levee', -300, -145, '青葉川右岸堤防', 'Right levee');
  return city;
}
