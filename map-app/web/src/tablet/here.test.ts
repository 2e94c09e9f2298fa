import { PbfWriter } from 'pbf';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MapLayer } from '../layers/types';
import { whatIsHere } from './here';

const layer = (layerId: string, kind: string) => ({ layerId, kind, title: layerId, edition: 'e', geometryType: 'LineString', bounds: null, classTable: null }) as unknown as MapLayer;

/** A vector tile (Mapbox specification 2.1) with one line down its left edge, `x` of 4096 inside. */
function tile(x: number, label: string): ArrayBuffer {
  const pbf = new PbfWriter();
  pbf.writeMessage(3, (_: unknown, layerPbf: PbfWriter) => {
    layerPbf.writeVarintField(15, 2);
    layerPbf.writeStringField(1, 'features');
    layerPbf.writeMessage(2, (__: unknown, feature: PbfWriter) => {
      feature.writePackedVarint(2, [0, 0]);
      feature.writeVarintField(3, 2);
      feature.writePackedVarint(4, [9, x << 1, 0, 10, 0, 4096 << 1]);
    }, null);
    layerPbf.writeStringField(3, 'label');
    layerPbf.writeMessage(4, (__: unknown, value: PbfWriter) => value.writeStringField(1, label), null);
    layerPbf.writeVarintField(5, 4096);
  }, null);
  return Uint8Array.from(pbf.finish()).buffer;
}

describe('where am I', () => {
  beforeAll(() => void vi.stubGlobal('window', { location: { origin: 'http://localhost' } }));
  afterAll(() => void vi.unstubAllGlobals());
  const get = (url: string) => Promise.resolve(/mains/.test(url) ? tile(1000, 'φ150 鋳鉄管') : tile(1010, '県道'));

  it('names the pipe as a pipe, and other lines apart', async () => {
    const here = await whatIsHere(138.45, 34.75, [layer('mains', 'pipe'), layer('roads', 'road'), layer('towns', 'boundary')], [], get);
    expect([here.pipe?.name, here.line?.name, here.pipesAsked]).toEqual(['φ150 鋳鉄管', '県道', 1]);
    expect(here.pipe!.distanceM).toBeGreaterThan(0);
    expect(here.pipe!.distanceM).toBeLessThan(1_100); // within a tile of about 1 km
  });

  it('knows that there is nothing to ask about pipes', async () => {
    const here = await whatIsHere(138.45, 34.75, [layer('roads', 'road')], [], get);
    expect([here.pipe, here.pipesAsked]).toEqual([null, 0]);
  });
});
