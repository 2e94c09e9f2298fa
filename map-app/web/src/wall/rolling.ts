import { isOpen, type Item, type Severity } from '../board/items';

/** What stands on the wall at one moment: urgent ones always, the others page by page. */
export interface WallRows {
  fixed: Item[];
  rolled: Item[];
  /** from 0 */
  page: number;
  pages: number;
  /** even the urgent ones do not fit: all but the newest of them roll, and nothing else takes their place */
  urgentRoll: boolean;
  /** open, and not to be seen at this moment */
  hidden: number;
}

const isUrgent = (item: Item) => item.severity === 'critical';

/** `items` as the board sorts them: the worst, then the newest, first. The page with `focus` on it stays while the map looks there. */
export function wallRows(items: Item[], rows: number, turn: number, focus: string | null): WallRows {
  const open = items.filter(isOpen);
  const urgent = open.filter(isUrgent);
  const urgentRoll = urgent.length > rows;
  const fixed = urgentRoll ? urgent.slice(0, 1) : urgent;
  const rolling = urgentRoll ? urgent.slice(1) : open.filter((i) => !isUrgent(i));
  const slots = rows - fixed.length;
  const pages = slots > 0 ? Math.ceil(rolling.length / slots) : 0;
  const at = rolling.findIndex((i) => i.key === focus);
  const page = pages === 0 ? 0 : at >= 0 ? Math.floor(at / slots) : turn % pages;
  const rolled = slots > 0 ? rolling.slice(page * slots, (page + 1) * slots) : [];
  return { fixed, rolled, page, pages, urgentRoll, hidden: open.length - fixed.length - rolled.length };
}

export function severityCounts(items: Item[]): Record<'critical' | 'warning' | 'none' | 'info', number> {
  const counts = { critical: 0, warning: 0, none: 0, info: 0 };
  for (const item of items) if (isOpen(item)) counts[item.severity ?? 'none']++;
  return counts;
}

/** Where the map looks: at one thing, or (null) at all of them. */
export interface Tour {
  focus: string | null;
  turn: number;
  /** urgent ones that were there before; null until the first of them came */
  known: ReadonlySet<string> | null;
}

const longest = 12;

/** What the map visits: the urgent ones, else the worst there is. */
export function visited(items: Item[]): Item[] {
  const open = items.filter((i) => isOpen(i) && i.place !== null);
  const worst: Severity | undefined = open[0]?.severity;
  return open.filter((i) => i.severity === worst).slice(0, longest);
}

/** All of them, then one after the other, then all again. */
export function nextStop(tour: Tour, stops: Item[]): Tour {
  const at = tour.focus === null ? 0 : stops.findIndex((i) => i.key === tour.focus) + 1;
  return { ...tour, turn: tour.turn + 1, focus: stops[at]?.key ?? null };
}

/** An urgent one that was not there before is looked at at once. The same tour when there is none. */
export function withNews(tour: Tour, items: Item[]): Tour {
  const urgent = items.filter((i) => isOpen(i) && isUrgent(i));
  if (tour.known === null) return { ...tour, known: new Set(urgent.map((i) => i.key)) };
  const fresh = urgent.filter((i) => !tour.known!.has(i.key));
  if (fresh.length === 0) return tour;
  return { ...tour, known: new Set([...tour.known, ...fresh.map((i) => i.key)]), focus: fresh.find((i) => i.place !== null)?.key ?? tour.focus };
}
