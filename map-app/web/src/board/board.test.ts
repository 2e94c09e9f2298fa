import { describe, expect, it } from 'vitest';
import type { DeviceFeature, EventFeature, FindingFeature } from '../api/types';
import { boardCounts, boardItems, noBoardFilters, passesBoard, type ItemSources } from './items';
import type { AlarmFeature, BoardFeature } from './types';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 3, minute)).toISOString();
let revision = 0;

const event = (id: string, kind: string, minute: number, details: object = {}, place: [number, number] | null = null) =>
  ({ type: 'Feature', id, geometry: place && { type: 'Point', coordinates: place }, properties: { revision: ++revision, kind, device: id.split(':')[0], time: at(minute), details } }) as EventFeature;
const alarm = (id: string, more: object) =>
  ({ type: 'Feature', id, geometry: null, properties: { revision: ++revision, alarmId: id, rule: 'r', device: 'river-1', kind: 'threshold', severity: 'warning', state: 'raised', raisedAt: at(1), measure: 'level', ...more } }) as AlarmFeature;
const device = (id: string, kind: string) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [138.3, 34.8] }, properties: { revision: ++revision, device: id, kind, state: 'online' } }) as DeviceFeature;
const finding = (id: string, more: object) =>
  ({ type: 'Feature', geometry: null, properties: { revision: ++revision, findingId: id, photoId: 'p', class: 'crack', score: 0.9, status: 'draft', rankScale: 'bridge', capturedAt: at(0), ...more } }) as FindingFeature;
const follow = (key: string, state: string) => ({ type: 'Feature', geometry: null, properties: { revision: ++revision, boardId: `follow:${key}`, kind: 'follow', state, crew: '第2分団' } }) as BoardFeature;

function sources(of: { events?: EventFeature[]; alarms?: AlarmFeature[]; findings?: FindingFeature[]; devices?: DeviceFeature[]; follows?: BoardFeature[] }): ItemSources {
  return {
    events: of.events ?? [], alarms: of.alarms ?? [], findings: of.findings ?? [],
    device: (id) => of.devices?.find((d) => d.properties.device === id),
    follow: (id) => of.follows?.find((f) => f.properties.boardId === id),
  };
}

describe('the board', () => {
  it('lists what is open before what is done, the worst and then the newest first, and what nobody rated above an information', () => {
    const items = boardItems(sources({
      events: [event('t:1', 'report', 1, { severity: 'info' }), event('t:2', 'report', 2), event('t:3', 'report', 3, { severity: 'critical' }), event('t:4', 'report', 4, { severity: 'critical' }), event('t:5', 'report', 5, { severity: 'critical' })],
      follows: [follow('event:t:5', 'done')],
    }));
    expect(items.map((i) => i.key)).toEqual(['event:t:4', 'event:t:3', 'event:t:2', 'event:t:1', 'event:t:5']);
    expect(items[0]).toMatchObject({ severity: 'critical', state: 'open' });
  });

  it('takes an alarm that is over for done until somebody says otherwise, and what was reported false stays so', () => {
    const alarms = [alarm('a'.repeat(32), { state: 'cleared' }), alarm('b'.repeat(32), { state: 'cleared' }), alarm('c'.repeat(32), {})];
    const items = boardItems(sources({ alarms, follows: [follow(`alarm:${'b'.repeat(32)}`, 'working'), follow(`alarm:${'c'.repeat(32)}`, 'false-report')] }));
    expect(Object.fromEntries(items.map((i) => [i.key.slice(6, 7), i.state]))).toEqual({ a: 'done', b: 'working', c: 'false-report' });
  });

  it('tells a river from its own battery, and a lock from a gauge', () => {
    const items = boardItems(sources({
      alarms: [alarm('a'.repeat(32), {}), alarm('b'.repeat(32), { measure: 'batteryPercent' }), alarm('c'.repeat(32), { kind: 'event', device: 'lock-1', measure: null })],
      devices: [device('lock-1', 'lock')],
    }));
    expect(items.map((i) => [i.key.slice(6, 7), i.kind]).sort()).toEqual([['a', 'sensor'], ['b', 'device'], ['c', 'lock']]);
  });

  it('shows a door that stands open until it is closed, and a tampered lock once although an alarm tells it too', () => {
    const tampered = event('lock-1:4', 'lock-tamper', 9);
    const items = boardItems(sources({
      events: [event('lock-1:1', 'door-opened', 1), event('lock-1:2', 'door-closed', 2), event('lock-1:3', 'door-opened', 3), event('lock-2:1', 'lock-left-open', 3, { minutes: 30 }), event('lock-2:2', 'door-closed', 5), tampered],
      alarms: [alarm('d'.repeat(32), { kind: 'event', device: 'lock-1', raisedAt: tampered.properties.time })],
      devices: [device('lock-1', 'lock'), device('lock-2', 'lock')],
    }));
    expect(items.map((i) => [i.key, i.state])).toEqual([[`alarm:${'d'.repeat(32)}`, 'open'], ['event:lock-1:3', 'open'], ['event:lock-2:1', 'done']]);
    expect(boardCounts(items)).toEqual({ reports: 0, doors: 1, sensors: 0, critical: 0 });
  });

  it('counts a door that an alarm tells of as open until the alarm is over', () => {
    const left = event('lock-2:1', 'lock-left-open', 3, { minutes: 30 });
    const told = (state: string) => boardItems(sources({ events: [left], alarms: [alarm('e'.repeat(32), { kind: 'event', device: 'lock-2', raisedAt: left.properties.time, state })], devices: [device('lock-2', 'lock')] }));
    expect([boardCounts(told('raised')).doors, boardCounts(told('cleared')).doors]).toEqual([1, 0]);
  });

  it('takes up only findings that somebody must act on, by the scale they are on', () => {
    const items = boardItems(sources({
      findings: [
        finding('1', { status: 'confirmed', degree: 'e' }), finding('2', { status: 'confirmed', degree: 'c' }), finding('3', { degreeLeast: 'b', degreeMost: 'e' }), finding('4', { degreeLeast: 'd', degreeMost: 'e' }),
        finding('5', { status: 'corrected', degree: 'd', rankScale: 'levee' }), finding('6', { status: 'rejected', degree: 'e' }), finding('7', { status: 'confirmed', degree: 'c', rankScale: 'levee' }),
      ],
    }));
    expect(items.map((i) => [i.key, i.severity]).sort()).toEqual([['finding:1', 'critical'], ['finding:4', 'warning'], ['finding:5', 'critical'], ['finding:7', 'warning']]);
  });

  it('filters by age, kind, severity and state, all at once', () => {
    const items = boardItems(sources({
      events: [event('t:1', 'report', 0, { severity: 'critical' }), event('t:2', 'report', 50, { severity: 'critical' }), event('t:3', 'report', 50, { severity: 'info' })],
      alarms: [alarm('a'.repeat(32), { raisedAt: at(50), severity: 'critical' })],
      follows: [follow('event:t:2', 'working')],
    }));
    const keys = (filters: object) => items.filter(passesBoard({ ...noBoardFilters, ...filters }, Date.parse(at(70)))).map((i) => i.key.slice(0, 9)).sort();
    expect(keys({})).toEqual(['alarm:aaa', 'event:t:1', 'event:t:2', 'event:t:3']);
    expect(keys({ hours: 1 })).toEqual(['alarm:aaa', 'event:t:2', 'event:t:3']);
    expect(keys({ kind: 'report', severity: 'critical' })).toEqual(['event:t:1', 'event:t:2']);
    expect(keys({ state: 'working' })).toEqual(['event:t:2']);
    expect(keys({ hours: 1, kind: 'sensor', severity: 'info' })).toEqual([]);
  });
});
