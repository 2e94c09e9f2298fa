import { describe, expect, it } from 'vitest';
import { dictionaries } from '../i18n';
import { figures, number, percent, widthText } from './numbers';
import { ago, clock, dateTime } from './time';
import { measured, measureName } from './units';

const { ja, en } = dictionaries;

describe('time', () => {
  it('writes dates as a municipality does, in Japan time', () => {
    expect(dateTime(ja, '2026-11-20T05:05:00Z')).toBe('2026年11月20日 14:05');
    expect(dateTime(en, '2026-11-20T05:05:00Z')).toBe('20 November 2026 14:05');
    expect(dateTime(ja, '2026-11-20T15:00:00+00:00')).toBe('2026年11月21日 00:00');
    expect(clock(ja, new Date('2026-11-20T03:34:00Z'))).toBe('12:34');
  });

  it('says that it does not know', () => {
    for (const nothing of [null, undefined, '', 'yesterday']) expect([dateTime(ja, nothing), ago(ja, nothing, new Date())]).toEqual(['不明', '不明']);
  });

  it.each([
    [30, 'たった今'], [3 * 60, '3分前'], [59 * 60 + 59, '59分前'], [3600, '1時間前'], [23.9 * 3600, '23時間前'], [24 * 3600, '1日前'], [7 * 86400, '7日前'], [-20, 'たった今'],
  ])('%d seconds ago is %s', (seconds, text) => {
    const now = new Date('2026-11-20T12:00:00Z');
    expect(ago(ja, new Date(now.getTime() - seconds * 1000).toISOString(), now)).toBe(text);
  });
});

describe('numbers', () => {
  it('groups thousands and never rounds a score over a limit', () => {
    expect(number(10000)).toBe('10,000');
    expect([percent(0.7999), percent(0.8), percent(0.29), percent(1)]).toEqual(['79%', '80%', '29%', '100%']);
  });

  it('gives about three figures', () => {
    expect([123.4, 12.34, 1.234, 0.1234, 0.01234].map(figures)).toEqual(['123', '12.3', '1.23', '0.12', '0.012']);
  });

  it('never gives a width that the photo cannot resolve', () => {
    expect(widthText(ja, { resolvable: false, gsdM: 0.0042 }, 3.1)).toEqual({ text: 'この写真の解像度（4.20 mm/px）では幅を判定できません', unit: null });
    expect(widthText(ja, { resolvable: true, gsdM: 0.0042 }, 8.44)).toEqual({ text: '8.4', unit: 'mm' });
    expect(widthText(ja, { resolvable: null, gsdM: null }, null).text).toBe('写真の縮尺が分からないため算出できません');
  });
});

describe('measurements', () => {
  it('uses the symbols people know', () => {
    const m = (unit: string | null, value: number | string | boolean) => measured({ name: 'n', unit, timeS: 0, value });
    expect([m('Cel', 8.4), m('%EL', 62), m('lon', 139.0051234), m(null, 'open')]).toEqual([
      { text: '8.40', unit: '°C' }, { text: '62', unit: '%' }, { text: '139.005123', unit: '°' }, { text: 'open', unit: '' },
    ]);
    expect([measureName('urn:dev:mac:00/temperature'), measureName('level'), measureName('')]).toEqual(['temperature', 'level', '']);
  });
});
