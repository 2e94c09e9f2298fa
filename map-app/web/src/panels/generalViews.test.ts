import { describe, expect, it } from 'vitest';
import type { AssetFeature } from '../api/types';
import { bridgesNear } from './GeneralViews';

const asset = (assetId: string, lon: number, kind = 'bridge') =>
  ({ type: 'Feature', geometry: { type: 'LineString', coordinates: [[lon, 35], [lon + 0.001, 35]] }, properties: { assetId, kind, revision: 1 } }) as unknown as AssetFeature;

describe('bridges that a photo may show', () => {
  const assets = [asset('bridge:far', 139.1), asset('bridge:near', 139.002), asset('bridge:under', 139), asset('levee:L', 139, 'levee')];
  const ids = (camera: { cameraLon?: number; cameraLat?: number }, named: (string | null)[] = []) => bridgesNear(assets, camera, named).map((b) => b.properties.assetId);

  it('are those within a kilometre, the nearest first', () => {
    expect(ids({ cameraLon: 139.0005, cameraLat: 35 })).toEqual(['bridge:under', 'bridge:near']);
  });

  it('begin with the one that is named, however far, once', () => {
    expect(ids({ cameraLon: 139.0005, cameraLat: 35 }, [null, 'bridge:far', 'bridge:far'])).toEqual(['bridge:far', 'bridge:under', 'bridge:near']);
  });

  it('are only those named for a photo without a place', () => {
    expect(ids({}, ['bridge:near', 'levee:L'])).toEqual(['bridge:near']);
  });
});
