import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Item } from './types';
import { chunk, chunksOf, crc32c, holds, messageOf, readReceipt, status, thumbnailBudget } from './wire';

const golden = (name: string) => readFileSync(new URL(`../../../../tests/golden/wire/${name}`, import.meta.url), 'utf8');
const item = (part: Partial<Item>): Item => ({ key: 'k', owner: '', kind: 'report', at: '2026-11-22T03:00:00.000Z', state: 'waiting', device: null, sequence: null, payload: null, ...part });

describe('wire', () => {
  it('computes CRC-32C as RFC 3720 appendix B.4 says', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  });

  it('writes the chunk of the golden fixture', () => {
    const expected = new Uint8Array(readFileSync(new URL('../../../../tests/golden/wire/chunk.bin', import.meta.url)));
    const view = new DataView(expected.buffer, expected.byteOffset);
    expect(chunk(view.getUint32(4), expected.slice(16))).toEqual(expected);
  });

  it('reads the receipts of the golden fixtures', () => {
    expect(readReceipt(golden('receipt-stored.json'))).toMatchObject({ about: 'photo', outcome: 'stored', sizeBytes: 4024770 });
    expect(readReceipt(golden('receipt-rejected.json'))).toMatchObject({ outcome: 'rejected', reason: 'hash-mismatch' });
    const incomplete = readReceipt(golden('receipt-incomplete.json'));
    expect(incomplete?.about === 'photo' && incomplete.outcome === 'incomplete' && [...chunksOf(incomplete.missing, 16)]).toEqual([0, 1, 2, 3, 7]);
    const messages = readReceipt(golden('receipt-messages.json'));
    expect(messages?.about === 'messages' && [40, 41, 42].map((n) => holds(messages.sequences, n))).toEqual([true, false, true]);
    expect(readReceipt('{')).toBeNull();
    expect(readReceipt('{"type":"field.command.v1","subject":"x","data":{}}')).toBeNull();
  });

  it('writes a report without what nobody said', () => {
    const report = { place: { lon: 138.3, lat: 34.8, accuracyM: 4.4, by: 'gps' as const }, category: 'road', severity: 'critical' as const, note: '', photoIds: [], missingPhotos: [], assetId: null, who: null, form: null, amends: null, bases: [] };
    const event = JSON.parse(messageOf(item({ report }), 'aoba', 'tablet-00000001', 7)) as Record<string, unknown>;
    expect(event).toMatchObject({ id: 'tablet-00000001:7', source: '/field/aoba/tablet-00000001', type: 'field.event.v1', sequence: '7' });
    expect(event['data']).toEqual({
      type: 'Feature', geometry: { type: 'Point', coordinates: [138.3, 34.8] },
      properties: { kind: 'report', reportId: 'k', category: 'road', severity: 'critical', placeBy: 'gps', accuracyM: 4 },
    });
    const labels = { form: { ja: '道路パトロール' }, answers: { depth: { ja: '深さ' } } };
    const filled = { ...report, form: { id: 'patrol', values: { depth: 40 }, labels } };
    expect(JSON.parse(messageOf(item({ report: filled }), 'aoba', 'tablet-00000001', 7))).toMatchObject({ data: { properties: { form: 'patrol', answers: { depth: 40 }, labels } } });
  });

  it('writes a track as SenML, and a status without a place', () => {
    const pack = JSON.parse(messageOf(item({ kind: 'track', track: { trackId: 't', points: [{ t: 1_763_000_000, lon: 138, lat: 34, accuracyM: null }] } }), 'aoba', 'tablet-1', 3)) as unknown;
    expect(pack).toEqual([{ bn: 'tablet-1/', seq: 3, n: 'lon', u: 'lon', v: 138, t: 1_763_000_000 }, { n: 'lat', u: 'lat', v: 34, t: 1_763_000_000 }]);
    expect(JSON.parse(status('aoba', 'tablet-1', 4, '2026-11-22T03:00:00Z', true, 2))).toMatchObject({ data: { geometry: null, properties: { state: 'online', kind: 'tablet', queueDepth: 2 } } });
  });

  it('bounds thumbnails', () => {
    expect([1, 4_000_000, 100_000_000].map(thumbnailBudget)).toEqual([8192, 31250, 65536]);
  });
});
