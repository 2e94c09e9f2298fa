import type { Dictionary } from '../i18n';

/** Field serves Japanese municipalities: times are theirs wherever the screen stands. */
const timeZone = 'Asia/Tokyo';

const cache = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let made = cache.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, { ...options, timeZone });
    cache.set(key, made);
  }
  return made;
}

const clockOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** 14:05 */
export const clock = (t: Dictionary, at: Date) => format(t.locale, clockOptions).format(at);

/** 14:05:09 */
export const clockSeconds = (t: Dictionary, at: Date) => format(t.locale, { ...clockOptions, second: '2-digit' }).format(at);

/** 11月20日(金), Friday 20 November */
export const day = (t: Dictionary, at: Date) => format(t.locale, { month: 'long', day: 'numeric', weekday: 'short' }).format(at);

/** 2026-11-20, as days are written in data. */
export const dayText = (at: Date) => format('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);

/** 2026年11月20日 14:05, 20 November 2026 14:05; the dash when unknown. */
export function dateTime(t: Dictionary, iso: string | null | undefined): string {
  const at = parse(iso);
  if (!at) return t.field.unknown;
  const date = format(t.locale, { year: 'numeric', month: 'long', day: 'numeric' }).format(at);
  return `${date} ${clock(t, at)}`;
}

/** 3分前; a date once it is more than a week ago. */
export function ago(t: Dictionary, iso: string | null | undefined, now: Date): string {
  const at = parse(iso);
  if (!at) return t.field.unknown;
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
  if (minutes < 1) return t.time.now;
  if (minutes < 60) return t.time.minutes(minutes);
  if (minutes < 24 * 60) return t.time.hours(Math.floor(minutes / 60));
  const days = Math.floor(minutes / (24 * 60));
  return days <= 7 ? t.time.days(days) : dateTime(t, iso);
}

function parse(iso: string | null | undefined): Date | null {
  const at = iso ? new Date(iso) : null;
  return at && !Number.isNaN(at.getTime()) ? at : null;
}
