import type { Geometry } from 'geojson';
import type { AssetFeature, AssetKind } from '../src/api/types';
import { place, rect } from './mockCity.ts';

const river = '青葉川';

/** The ledgers of the mock town: a bridge with elements, two levee lines with distance marks, a road. */
export function mockAssets(): AssetFeature[] {
  const assets: AssetFeature[] = [];
  const add = (kind: AssetKind, ledgerId: string, geometry: Geometry | null, more: Partial<AssetFeature['properties']> = {}) => {
    const assetId = `${kind}:${ledgerId}`;
    assets.push({ type: 'Feature', id: assetId, geometry, properties: { assetId, kind, ledgerId, source: '施設台帳.gpkg', importedAt: '2026-11-01T00:00:00Z', revision: assets.length + 1, ...more } });
  };
  add('bridge', 'B-001', rect(-8, -175, 16, 350), { name: '青葉大橋', attributes: { 橋長: '350 m', 幅員: '16 m', 架設年: 1978, 上部工形式: 'RC 桁' } });
  add('bridge', 'B-002', { type: 'Point', coordinates: place(760, 20) }, { name: '緑橋', attributes: { 橋長: '42 m' } });
  for (let i = 0; i < 8; i++) add('element', `B-001/Mg010${i + 1}`, rect(-7 + (i % 2) * 7, -170 + (i >> 1) * 85, 6, 80), { parent: 'B-001', name: '主桁' });
  for (const [bank, y, name] of [['left', 145, '青葉川左岸堤'], ['right', -145, '青葉川右岸堤']] as const) {
    add('levee', `L-${bank}`, { type: 'LineString', coordinates: [place(-2000, y), place(2000, y)] }, { name, river, bank, startKm: 10, endKm: 14 });
    for (let i = 0; i <= 20; i++) add('mark', `${bank}-${i}`, { type: 'Point', coordinates: place(-2000 + i * 200, y + 8) }, { river, bank, km: 10 + i * 0.2 });
  }
  add('road', 'R-12', { type: 'LineString', coordinates: [place(-1000, 420), place(1000, 420)] }, { name: '県道12号' });
  return assets;
}
