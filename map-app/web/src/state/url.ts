import type { Lang } from '../i18n';
import type { Selection, Theme } from './ui';

export type Screen = 'tablet' | 'map' | 'wall';

export interface UrlState {
  lang: Lang | null;
  theme: Theme | null;
  selection: Selection | null;
  /** `?review=`, with the finding to judge as the selection */
  review: boolean;
  /** which screen, when it is not left to the role and the width */
  screen: Screen | null;
  lon: number | null;
  lat: number | null;
  zoom: number | null;
}

/** Reads `?lang=&theme=&view=&review=&select=&lon=&lat=&zoom=`; what is malformed is as if it were absent. */
export function readUrl(search: string): UrlState {
  const q = new URLSearchParams(search);
  const lang = q.get('lang');
  const theme = q.get('theme');
  return {
    lang: lang === 'ja' || lang === 'en' ? lang : null,
    theme: theme === 'light' || theme === 'dark' ? theme : null,
    selection: selectionOf(q.get('review') || q.get('select')),
    review: q.has('review'),
    screen: screenOf(q.get('view')),
    lon: within(q.get('lon'), 180),
    lat: within(q.get('lat'), 90),
    zoom: within(q.get('zoom'), 24),
  };
}

const screenOf = (text: string | null): Screen | null => (text === 'tablet' || text === 'map' || text === 'wall' ? text : null);

/** A photo's id has 64 hexadecimal digits, a finding's 32 (SPEC section 1); anything else names a device. */
function selectionOf(id: string | null): Selection | null {
  if (!id) return null;
  if (/^[0-9a-f]{64}$/.test(id)) return { kind: 'photo', id };
  if (/^[0-9a-f]{32}$/.test(id)) return { kind: 'finding', id };
  if (/^(bridge|element|levee|mark|road):.{1,200}$/.test(id)) return { kind: 'asset', id };
  if (/^(event:[a-z0-9-]{1,32}:\d{1,19}|alarm:[0-9a-f]{32})$/.test(id)) return { kind: 'item', id };
  if (/^door:[a-z0-9][a-z0-9-]{0,31}$/.test(id)) return { kind: 'door', id: id.slice('door:'.length) };
  return /^[a-z0-9][a-z0-9-]{0,31}$/.test(id) ? { kind: 'device', id } : null;
}

function within(text: string | null, limit: number): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && Math.abs(value) <= limit ? value : null;
}

/** The query that brings another person to the same view. Language and theme are theirs to choose. */
export function writeUrl(view: { selection: Selection | null; review?: boolean; lon: number | null; lat: number | null; zoom: number | null }): string {
  const q = new URLSearchParams();
  const judged = view.selection?.kind === 'finding' ? view.selection.id : '';
  if (view.review) q.set('review', judged);
  else if (view.selection) q.set('select', `${view.selection.kind === 'door' ? 'door:' : ''}${view.selection.id}`);
  if (view.lon !== null && view.lat !== null && view.zoom !== null) {
    q.set('lon', view.lon.toFixed(7));
    q.set('lat', view.lat.toFixed(7));
    q.set('zoom', view.zoom.toFixed(2));
  }
  return `?${q.toString()}`;
}
