import { describe, expect, it } from 'vitest';
import type { DeviceFeature, EventFeature } from '../api/types';
import { ja } from '../i18n/ja';
import { blocksOf, hoursOf } from './calendar';
import { markOfDoor } from './doorMarks';
import { doorsNow, toldBy } from './doors';
import { bodyOf, valuesOf, wrongOf } from './facilityForm';
import { changesOf } from './facilityHistory';
import { addDays, dayOf, momentOf, timeOf } from './times';
import { doorCounts, doorShapes, type DoorHere } from './useDoors';
import type { Booking, Facility, FacilityChange } from './types';

const gym: Facility = {
  facilityId: 'gym', name: '東山体育館', kind: 'gym', isShelter: true, minutesBefore: 15, minutesAfter: 15, revision: 1,
  rooms: [{ roomId: 'court', name: 'アリーナ' }, { roomId: 'meeting', name: '会議室' }],
  doors: [{ device: 'lock-01', name: '正面玄関', isKeyBox: false, rooms: [] }, { device: 'box-01', name: '裏口', isKeyBox: true, rooms: [] }],
};

const booking = (roomId: string, start: string, end: string, state: 'booked' | 'cancelled' = 'booked'): Booking => ({
  bookingId: `${roomId}-${start}`, facilityId: 'gym', roomId, start: momentOf('2026-05-12', start), end: momentOf('2026-05-12', end), oneTime: false, state, source: 'screen', changedAt: '', changedBy: '', pin: 'none', keyBox: false, revision: 1,
});

describe('times', () => {
  it('are those of Japan', () => {
    expect(momentOf('2026-05-12', '08:30')).toBe('2026-05-11T23:30:00.000Z');
    expect(momentOf('2026-05-12', '24:00')).toBe('2026-05-12T15:00:00.000Z');
    expect([dayOf('2026-05-11T15:00:00Z'), timeOf('2026-05-11T23:30:00Z'), addDays('2026-02-28', 1)]).toEqual(['2026-05-12', '08:30', '2026-03-01']);
  });
});

describe('calendar', () => {
  it('shows office hours and what is booked outside them', () => {
    expect(hoursOf('2026-05-12', [])).toEqual([8, 22]);
    expect(hoursOf('2026-05-12', [booking('court', '06:30', '09:00'), booking('court', '21:00', '24:00')])).toEqual([6, 24]);
    expect(hoursOf('2026-05-12', [booking('court', '05:00', '06:00', 'cancelled')])).toEqual([8, 22]);
  });

  it('puts each booking into its room and hours, and cuts what is of other days', () => {
    const night = { ...booking('meeting', '20:00', '22:00'), end: '2026-05-13T03:00:00Z' };
    const blocks = blocksOf('2026-05-12', gym.rooms, [booking('court', '08:00', '15:00'), night, booking('court', '16:00', '17:00', 'cancelled'), booking('gone', '9:00', '10:00')], [8, 22]);
    expect(blocks.map((b) => [b.column, b.top, b.height])).toEqual([[0, 0, 0.5], [1, 12 / 14, 2 / 14]]);
  });
});

describe('doors', () => {
  const event = (n: number, kind: string, device = 'lock-01'): EventFeature => ({ type: 'Feature', geometry: null, properties: { revision: n, kind, device, time: `2026-05-12T00:0${n}:00Z` } }) as unknown as EventFeature;
  const device = { type: 'Feature', geometry: null, properties: { device: 'lock-01', lastSeenAt: '2026-05-12T00:00:00Z', batteryPercent: 80, revision: 1 } } as unknown as DeviceFeature;
  const now = Date.parse('2026-05-12T01:00:00Z');
  const stateOf = (...kinds: string[]) => doorsNow([gym], toldBy([gym], kinds.map((k, i) => event(i + 1, k))), () => device, now)[0]!;

  it('stand as their lock told last', () => {
    expect(stateOf()).toMatchObject({ state: 'unknown', lost: false, batteryPercent: 80 });
    expect(stateOf('lock-unlocked', 'lock-locked').state).toBe('locked');
    expect(stateOf('lock-locked', 'lock-unlocked')).toMatchObject({ state: 'unlocked', since: '2026-05-12T00:02:00Z' });
    expect(stateOf('lock-unlocked', 'door-opened').state).toBe('open');
    expect(stateOf('lock-unlocked', 'door-opened', 'lock-left-open').state).toBe('left-open');
    expect(stateOf('door-opened', 'lock-left-open', 'door-closed', 'lock-locked').state).toBe('locked');
    expect(doorsNow([gym], toldBy([gym], []), () => device, now)).toHaveLength(1); // the key box tells nothing
  });

  it('are lost when the gateway says so or nothing is heard, and tell of tampering until a right hand comes', () => {
    expect(stateOf('lock-unreachable').lost).toBe(true);
    expect(stateOf('lock-unreachable', 'lock-reachable').lost).toBe(false);
    expect(doorsNow([gym], toldBy([gym], []), () => undefined, now)[0]!.lost).toBe(true);
    expect(doorsNow([gym], toldBy([gym], []), () => device, now + 25 * 3_600_000)[0]!.lost).toBe(true);
    expect(stateOf('lock-locked', 'lock-tamper').tamper).toBe(true);
    expect(stateOf('lock-tamper', 'lock-unlocked').tamper).toBe(false);
  });

  it('are not moved by events of other devices', () => {
    expect(doorsNow([gym], toldBy([gym], [event(1, 'lock-locked'), event(2, 'lock-unlocked', 'lock-02')]), () => device, now)[0]!.state).toBe('locked');
  });

  it('have one mark each, the worst of what is so; what is silent is not said to be locked', () => {
    expect(markOfDoor(stateOf('lock-locked'))).toBe('locked');
    expect(markOfDoor(stateOf('lock-locked', 'lock-tamper'))).toBe('tamper');
    expect(markOfDoor(stateOf('lock-locked', 'lock-unreachable'))).toBe('offline');
    expect(markOfDoor(stateOf('lock-unlocked', 'lock-left-open', 'lock-unreachable'))).toBe('left-open');
    expect(markOfDoor(stateOf())).toBe('unknown');
    expect(doorsNow([gym], toldBy([gym], []), () => device, now, true).map(markOfDoor)).toEqual(['unknown', 'key-box']);
  });

  it('of one place stand side by side, and one of them for all from afar: the worst', () => {
    const here = (name: string, state: 'locked' | 'left-open', place: [number, number] | null = [138, 34]): DoorHere => ({ facility: hall, door: hall.doors.find((d) => d.device === name)!, state, since: null, tamper: false, lost: false, batteryPercent: 15, lastSeenAt: null, place });
    const hall: Facility = { ...gym, doors: ['a', 'b', 'c'].map((d) => ({ device: d, name: d, isKeyBox: false, rooms: [] })) };
    const shapes = doorShapes([here('c', 'left-open'), here('a', 'locked'), here('b', 'locked', null)], 'a').map((f) => f.properties!);
    expect(shapes.map((p): unknown[] => ['id', 'slot', 'row', 'first', 'count', 'chosen', 'battery'].map((name): unknown => p[name]))).toEqual([['a', -1, 0, false, '', true, 'low'], ['c', 1, 0, true, '2', false, 'low']]);
    expect(doorCounts([here('c', 'left-open'), here('a', 'locked')])).toMatchObject({ all: 2, low: 2, of: { 'left-open': 1, locked: 1, tamper: 0 } });
  });
});

describe('facility form', () => {
  const hall = valuesOf({ ...gym, facilityId: 'hall', name: '港公民館', lon: 138.4, lat: 34.7 });

  it('sends what it was given, and drops what is of rooms that went', () => {
    expect(bodyOf(hall)).toMatchObject({ name: '港公民館', lon: 138.4, lat: 34.7, minutesBefore: 15, rooms: [{ roomId: 'court', partOf: null }, { roomId: 'meeting' }] });
    const cut = { ...hall, rooms: [{ roomId: 'meeting', name: '会議室', partOf: 'court' }], doors: [{ device: 'lock-09', name: '玄関', isKeyBox: false, rooms: ['court', 'meeting'] }] };
    expect(bodyOf(cut)).toMatchObject({ rooms: [{ partOf: null }], doors: [{ rooms: ['meeting'] }] });
  });

  it('says everything that is wrong, and where', () => {
    expect(wrongOf({ ...hall, doors: [] }, [gym])).toEqual([]);
    expect(wrongOf(hall, [gym])).toEqual([{ field: 'elsewhere', at: 0, where: gym.name }, { field: 'elsewhere', at: 1, where: gym.name }]);
    const door = { device: 'lock-09', name: '玄関', isKeyBox: false, rooms: [] };
    const bad = { ...hall, name: ' ', lon: '138.4', lat: '', rooms: [{ roomId: 'a', name: '', partOf: '' }], doors: [door, door, { ...door, device: 'Lock 9', name: '' }], minutesAfter: '15.5' };
    expect(wrongOf(bad, []).map((w) => `${w.field}${w.at ?? ''}`)).toEqual(['name', 'place', 'room0', 'twice1', 'device2', 'door2', 'minutes']);
    expect(wrongOf({ ...hall, doors: [], rooms: [] }, []).map((w) => w.field)).toEqual(['rooms']);
  });
});

describe('history of a facility', () => {
  const at = (n: number, facility: Facility, action: FacilityChange['action'] = 'set'): FacilityChange => ({ n, action, who: '鈴木', at: '2026-05-11T03:00:00Z', facility });

  it('says what each change did', () => {
    const named = { ...gym, name: '東山アリーナ', isShelter: false, lon: 138.4, lat: 34.7, doors: [{ ...gym.doors[0]!, name: '玄関' }, { device: 'lock-09', name: '裏口', isKeyBox: false, rooms: [] }], rooms: [{ roomId: 'court', name: 'アリーナ' }] };
    expect(changesOf(ja, at(1, gym), null)).toEqual(['登録']);
    expect(changesOf(ja, at(1, gym, 'known'), null)).toEqual(['履歴を残す前の内容']);
    const lines = changesOf(ja, at(2, named), at(1, gym));
    expect(lines).toContain('施設名：東山体育館 → 東山アリーナ');
    expect(lines).toContain('避難所として開く：いいえ');
    expect(lines).toContain('扉「裏口」を追加');
    expect(lines).toContain(`扉「${gym.doors[0]!.name} → 玄関」を変更`);
    expect(lines).toContain(`扉「${gym.doors[1]!.name}」を削除`);
    expect(lines.some((l) => l.startsWith('部屋') && l.endsWith('を削除'))).toBe(true);
    expect(lines.some((l) => l.startsWith('位置'))).toBe(true);
    expect(changesOf(ja, at(3, gym, 'undo'), at(2, named))[0]).toBe('変更を取り消し');
    expect(changesOf(ja, at(4, { ...gym, removedAt: '2026-05-11T03:00:00Z' }), at(3, gym))).toEqual(['削除']);
    expect(changesOf(ja, at(5, gym, 'undo'), at(4, { ...gym, removedAt: '2026-05-11T03:00:00Z' }))).toEqual(['削除を取り消し', '変更を取り消し']);
  });
});
