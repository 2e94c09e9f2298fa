import type { Feature, Point } from 'geojson';
import type { EventFeature } from '../src/api/types';
import type { AlarmFeature, BoardFeature } from '../src/board/types';
import { place } from './mockCity.ts';

export interface MockBoard {
  events: EventFeature[];
  alarms: AlarmFeature[];
  board: BoardFeature[];
}

/** A night of the mock town: reports with a contradiction, an alarm that holds and one that cleared, the situation, a report that a crew follows and a closed road. */
export function mockBoard(): MockBoard {
  const now = Date.now();
  const minutesAgo = (n: number) => new Date(now - n * 60_000).toISOString();
  const at = (eastM: number, northM: number): Point => ({ type: 'Point', coordinates: place(eastM, northM) });
  let revision = 1;
  const event = (id: string, minutes: number, geometry: Point | null, details: object): EventFeature => ({
    type: 'Feature', id, geometry, properties: { kind: 'report', device: id.split(':')[0]!, time: minutesAgo(minutes), details: { kind: 'report', ...details }, revision: ++revision },
  });
  const alarm = (digit: string, minutes: number, more: Partial<AlarmFeature['properties']>): AlarmFeature => {
    const alarmId = digit.repeat(32);
    return { type: 'Feature', id: alarmId, geometry: null, properties: { alarmId, rule: 'level', device: 'water-gauge-3', kind: 'threshold', severity: 'critical', state: 'raised', raisedAt: minutesAgo(minutes), revision: ++revision, ...more } };
  };
  const row = (boardId: string, kind: 'situation' | 'follow' | 'drawing', geometry: Feature['geometry'] | null, more: object): BoardFeature => ({
    type: 'Feature', id: boardId, geometry, properties: { boardId, kind, changedBy: '本部 一郎', changedAt: minutesAgo(20), changeCount: 1, revision: ++revision, ...more },
  });
  return {
    events: [
      event('tablet-02:11', 80, at(120, -60), { category: 'flood', severity: 'critical', note: '県道が膝まで冠水、車が2台止まっている', who: '田中 実' }),
      event('tablet-02:12', 150, at(-200, 90), { category: 'road', severity: 'warning', note: '側溝のふたが外れている', who: '田中 実' }),
      event('tablet-03:4', 60, at(-205, 92), { category: 'road', severity: 'warning', note: 'ふたは戻した', who: '佐藤 健', amends: 'tablet-02:12', bases: ['tablet-02:12'] }),
      event('tablet-02:15', 50, at(-198, 91), { category: 'road', severity: 'critical', note: '側溝に人が落ちた', who: '田中 実', amends: 'tablet-02:12', bases: ['tablet-02:12'] }),
      event('tablet-03:6', 30, at(300, 140), {
        severity: 'info', note: '片側は通れる', who: '佐藤 健', form: 'patrol', answers: { category: '落石', size: 40 },
        labels: { category: { ja: '落石', en: 'Rockfall' }, form: { ja: '道路パトロール', en: 'Road patrol' }, answers: { category: { ja: '異状の種類', en: 'What is wrong', value: { ja: '落石', en: 'Rockfall' } }, size: { ja: '大きさ（cm）', en: 'Size (cm)' } } },
      }),
    ],
    alarms: [
      alarm('a', 40, { value: 3.42, limitValue: 3, measure: 'level', messageJa: '青葉川の水位が氾濫危険水位を超えました', messageEn: 'the Aoba river is over its danger level' }),
      alarm('b', 300, { rule: 'silent', kind: 'absence', severity: 'warning', state: 'cleared', clearedAt: minutesAgo(200), messageJa: '水位計から10分以上届いていません', messageEn: 'nothing from the gauge for 10 minutes' }),
    ],
    board: [
      row('situation', 'situation', null, { title: '令和8年台風第15号（訓練）', startedAt: minutesAgo(360) }),
      row('follow:event:tablet-02:11', 'follow', null, { state: 'working', crew: '第2分団', note: '土のうを運んでいます' }),
      row('drawing:mock-closed-1', 'drawing', { type: 'LineString', coordinates: [place(80, -60), place(260, -60)] }, { shape: 'line', title: '通行止め', colour: 'red', pattern: 'none' }),
    ],
  };
}
