import { number } from '../format/numbers';
import { labelsOf, reportTitle } from '../format/reportWords';
import { wording, type Dictionary, type Lang } from '../i18n';
import type { Item } from './items';

/** What happened, in a few words. */
export function itemTitle(t: Dictionary, lang: Lang, item: Item): string {
  const { what } = item;
  if (what.of === 'report') return reportTitle(t.board.category, t.board.report, lang, what.category, labelsOf(what.details));
  if (what.of === 'alarm') {
    const { messageJa, messageEn, rule } = what.alarm.properties;
    return (lang === 'ja' ? messageJa || messageEn : messageEn || messageJa) || rule;
  }
  if (what.of === 'finding') return wording(t.className, what.finding.properties.class);
  return wording(t.board.event, what.event);
}

/** The line beneath it: what is known besides. */
export function itemNote(t: Dictionary, item: Item): string {
  const { what } = item;
  if (what.of === 'report') return what.note ?? '';
  if (what.of === 'alarm') return what.alarm.properties.device;
  if (what.of === 'finding') return what.finding.properties.degree ?? t.board.draft;
  const minutes = what.details['minutes'];
  return [item.device, typeof minutes === 'number' ? t.time.minutesLong(number(minutes)) : ''].filter(Boolean).join('・');
}

export const stateWord = (t: Dictionary, item: Item) => (item.state === 'done' && !item.follow ? t.board.over : t.board.state[item.state]);
export const severityWord = (t: Dictionary, item: Item) => (item.severity === null ? t.board.unrated : t.board.severity[item.severity]);
