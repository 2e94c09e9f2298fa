import { describe, expect, it } from 'vitest';
import type { DeviceFeature, EventFeature, FindingFeature, PhotoFeature } from '../api/types';
import type { AlarmFeature } from '../board/types';
import { FieldStore } from '../state/store';
import { marksOf, pastAlarms, pastDevices, pastEvents, pastFindings, pastPhotos, type PastState } from './past';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 3, minute)).toISOString();
const ms = (minute: number) => Date.parse(at(minute));
const alarm = (more: object) => ({ type: 'Feature', geometry: null, properties: { revision: 1, alarmId: 'a', state: 'raised', raisedAt: at(10), ...more } }) as AlarmFeature;
const finding = (more: object) => ({ type: 'Feature', geometry: null, properties: { revision: 1, findingId: 'f', photoId: 'p', status: 'confirmed', degree: 'e', ...more } }) as FindingFeature;
const device = (id: string, kind: string) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [1, 2] }, properties: { revision: 1, device: id, kind, state: 'online', batteryPercent: 50 } }) as DeviceFeature;

describe('a moment of the past', () => {
  it('has the events and alarms that had come, as they stood then', () => {
    const event = (minute: number) => ({ type: 'Feature', geometry: null, properties: { revision: 1, kind: 'report', time: at(minute) } }) as EventFeature;
    expect(pastEvents([event(1), event(20), event(40)], ms(20)).map((e) => e.properties.time)).toEqual([at(1), at(20)]);
    const over = alarm({ state: 'cleared', clearedAt: at(30), acknowledgedAt: at(20), acknowledgedBy: 'A' });
    expect(pastAlarms([over], ms(9))).toEqual([]);
    expect(pastAlarms([over], ms(15))[0]!.properties).toMatchObject({ state: 'raised', clearedAt: null, acknowledgedBy: null });
    expect(pastAlarms([over], ms(25))[0]!.properties).toMatchObject({ state: 'raised', clearedAt: null, acknowledgedBy: 'A' });
    expect(pastAlarms([over], ms(30))[0]).toBe(over);
    expect(pastAlarms([alarm({})], ms(30))[0]!.properties.state).toBe('raised');
  });

  it('knows a finding from when its photo was scored, as it stood before what was decided since, and a photo as waiting until then', () => {
    const photo = { type: 'Feature', geometry: null, properties: { photoId: 'p', receivedAt: at(5), scoredAt: at(10) } } as unknown as PhotoFeature;
    const then = (minute: number) => pastFindings([finding({ decidedAt: at(20) })], minute < 20 ? [finding({ status: 'corrected', degree: 'c' })] : [], () => photo, ms(minute)).map((f) => [f.properties.status, f.properties.degree]);
    expect([then(9), then(10), then(20)]).toEqual([[], [['corrected', 'c']], [['confirmed', 'e']]]);
    const scored = { ...photo, properties: { ...photo.properties, state: 'scored', findingCount: 3 } } as PhotoFeature;
    expect([9, 10].map((minute) => pastPhotos([scored], ms(minute)).map((f) => [f.properties.state, f.properties.findingCount]))).toEqual([[['stored', null]], [['scored', 3]]]);
  });

  it('shows a device where it was, a fixed one where it is, and none of which nothing is kept', () => {
    const state: PastState = {
      at: at(30), board: [], findings: [],
      devices: [{ device: 'drone', heardAt: at(29), lon: 138, lat: 34, batteryPercent: 80 }, { device: 'lock', heardAt: at(1) }, { device: 'tablet' }],
    };
    const { devices, unknown } = pastDevices([device('drone', 'drone'), device('lock', 'lock'), device('tablet', 'tablet')], state);
    expect(devices.map((d) => [d.geometry?.coordinates ?? null, d.properties.state, d.properties.batteryPercent])).toEqual([[[138, 34], 'online', 80], [[1, 2], 'offline', null], [null, 'offline', null]]);
    expect(unknown).toBe(1);
  });

  it('takes the place of another in a store, also of one that is newer', () => {
    const store = new FieldStore((run) => run());
    const all = { events: [], alarms: [], photos: [], findings: [], assets: [], board: [] };
    store.become({ ...all, alarms: [alarm({ revision: 9 })], devices: [device('a', 'drone')] });
    store.become({ ...all, alarms: [alarm({ revision: 2, state: 'cleared' })], devices: [] });
    expect([store.getView().alarms.get('a')?.properties.state, store.getView().devices.size]).toEqual(['cleared', 0]);
  });

  it('is marked once for many things in one place of the line, the worst drawn last', () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ atMs: ms(0) + i, severity: i % 2 ? 'info' : 'critical' }));
    expect(marksOf([...many, { atMs: ms(-100), severity: 'critical' }], ms(0), ms(600))).toEqual([{ at: 0, severity: 'info' }, { at: 0, severity: 'critical' }]);
  });
});
