import { describe, expect, it } from 'vitest';
import type { DeviceFeature, EventFeature } from '../api/types';
import { blocksOf, hoursOf } from './calendar';
import { doorsNow } from './doors';
import { addDays, dayOf, momentOf, timeOf } from './times';
import type { Booking, Facility } from './types';

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
  const stateOf = (...kinds: string[]) => doorsNow([gym], kinds.map((k, i) => event(i + 1, k)), () => device, now)[0]!;

  it('stand as their lock told last', () => {
    expect(stateOf()).toMatchObject({ state: 'unknown', lost: false, batteryPercent: 80 });
    expect(stateOf('lock-unlocked', 'lock-locked').state).toBe('locked');
    expect(stateOf('lock-locked', 'lock-unlocked')).toMatchObject({ state: 'unlocked', since: '2026-05-12T00:02:00Z' });
    expect(stateOf('lock-unlocked', 'door-opened').state).toBe('open');
    expect(stateOf('lock-unlocked', 'door-opened', 'lock-left-open').state).toBe('left-open');
    expect(stateOf('door-opened', 'lock-left-open', 'door-closed', 'lock-locked').state).toBe('locked');
    expect(doorsNow([gym], [], () => device, now)).toHaveLength(1); // the key box tells nothing
  });

  it('are lost when the gateway says so or nothing is heard, and tell of tampering until a right hand comes', () => {
    expect(stateOf('lock-unreachable').lost).toBe(true);
    expect(stateOf('lock-unreachable', 'lock-reachable').lost).toBe(false);
    expect(doorsNow([gym], [], () => undefined, now)[0]!.lost).toBe(true);
    expect(doorsNow([gym], [], () => device, now + 25 * 3_600_000)[0]!.lost).toBe(true);
    expect(stateOf('lock-locked', 'lock-tamper').tamper).toBe(true);
    expect(stateOf('lock-tamper', 'lock-unlocked').tamper).toBe(false);
  });

  it('are not moved by events of other devices', () => {
    expect(doorsNow([gym], [event(1, 'lock-locked'), event(2, 'lock-unlocked', 'lock-02')], () => device, now)[0]!.state).toBe('locked');
  });
});
