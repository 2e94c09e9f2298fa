import { Check, CloudOff, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { SiteConfig } from '../api/types';
import { ItemMark, StateTag } from '../board/ItemRow';
import { isOpen, type BoardCounts, type Item } from '../board/items';
import type { BoardFeature } from '../board/types';
import { useIncidents } from '../board/useBoard';
import { itemTitle } from '../board/words';
import { number } from '../format/numbers';
import { ago, clock, dateTime, day } from '../format/time';
import { useLang, useT } from '../i18n';
import { boundsOf, type Box } from '../map/bounds';
import type { MapController } from '../map/mapController';
import type { View } from '../state/store';
import '../styles/wall.css';
import { useNow } from '../useNow';
import { nextStop, severityCounts, visited, wallRows, withNews, type Tour } from './rolling';
import { silentMs, useAwake, useFullScreen, useWakeUp } from './useAwake';

const stopMs = 12_000;
const nearest = 16;
/** Of a screen of 1920 x 1080: letters of 38 are read from 5 m when it is 55 inches wide. */
const rowUnits = 138;

interface Props {
  config: SiteConfig;
  view: View;
  items: Item[];
  counts: BoardCounts;
  situation: BoardFeature | null;
  /** false while reports, alarms and board have not come once */
  isKnown: boolean;
  controller: MapController | null;
  onRedial: () => void;
  onLeave: () => void;
}

/**
 * What is on the wall of the headquarters, for who looks at it from afar and has nothing to press. Whoever comes into the room sees it, so it has no words that
 * a person typed but the name of the situation: no notes, no crews, no labels of drawings, no residents.
 */
export default function WallScreen({ config, view, items, counts, situation, isKnown, controller, onRedial, onLeave }: Props) {
  const t = useT();
  const lang = useLang();
  const w = t.wall;
  const unit = useUnit();
  const rowsOf = useRef<HTMLDivElement>(null);
  const open = useMemo(() => items.filter(isOpen), [items]);
  const rows = useRows(rowsOf, unit, open.length);
  const [tour, setTour] = useState<Tour>({ focus: null, turn: 0, known: null });
  const news = isKnown ? withNews(tour, items) : tour;
  if (news !== tour) setTour(news);
  const advance = useEffectEvent(() => setTour((now) => nextStop(now, visited(items))));
  useEffect(() => {
    const timer = setInterval(() => advance(), stopMs);
    return () => clearInterval(timer);
  }, []);
  const isAwake = useAwake();
  useFullScreen(onLeave);
  useWakeUp(view.link === 'live', view.heardAtMs, onRedial);

  const focused = open.find((i) => i.key === tour.focus) ?? null;
  useIncidents(controller, open, focused);
  useLargeMap(controller, unit);
  useOverview(controller, open, focused === null, unit);

  const list = wallRows(items, rows, tour.turn, tour.focus);
  const bySeverity = severityCounts(items);
  const figure = (n: number) => (isKnown ? number(n) : t.field.none);
  const site = lang === 'ja' ? config.siteName : config.siteNameEn || config.siteName;
  const p = situation?.properties;
  return (
    <div className="wall">
      <header className="wall-head">
        <div className="wall-name">
          <h1>{p?.title ?? site}</h1>
          <p>{[p?.title ? site : null, p?.startedAt ? t.board.situation.from(dateTime(t, p.startedAt)) : null].filter(Boolean).join('　')}</p>
        </div>
        {config.synthetic && <span className="synthetic">{t.synthetic}</span>}
        <WallClock view={view} />
      </header>
      <WallStale view={view} />
      <section className="wall-list" aria-label={t.board.tab}>
        <dl className="wall-figures">
          {(['critical', 'warning', 'none', 'info'] as const).map((s) => (
            <div key={s} data-severity={s} data-any={bySeverity[s] > 0}>
              <dt>{s === 'none' ? w.unrated : t.board.severity[s]}</dt>
              <dd>{figure(bySeverity[s])}</dd>
            </div>
          ))}
        </dl>
        <div ref={rowsOf} className="wall-body">
        {open.length === 0 ? (
          <p className="wall-empty">{isKnown ? t.board.empty : t.list.loading}</p>
        ) : (
          <ul className="wall-rows">
            {[...list.fixed, ...list.rolled].map((item) => (
              <WallRow key={item.key} item={item} focused={item === focused} />
            ))}
          </ul>
        )}
        </div>
        {list.hidden > 0 && <p className="wall-more">{list.urgentRoll ? w.urgentRoll(figure(bySeverity.critical), number(list.page + 1), number(list.pages)) : list.pages > 1 ? w.roll(number(list.hidden), number(list.page + 1), number(list.pages)) : w.more(number(list.hidden))}</p>}
      </section>
      <footer className="wall-foot">
        <dl>
          {(['reports', 'sensors', 'doors'] as const).map((k) => (
            <div key={k}>
              <dt>{t.board.situation.counts[k]}</dt>
              <dd>{figure(counts[k])}</dd>
            </div>
          ))}
        </dl>
        <span className="grow" />
        {!isAwake && <span className="wall-note">{w.mayGoDark}</span>}
        <button type="button" className="wall-leave" onClick={onLeave}>{w.leave}</button>
      </footer>
    </div>
  );
}

function WallRow({ item, focused }: { item: Item; focused: boolean }) {
  const t = useT();
  const lang = useLang();
  const now = useNow();
  return (
    <li className="wall-row" data-severity={item.severity ?? 'none'} aria-current={focused || undefined}>
      <ItemMark item={item} />
      <div>
        <p className="wall-title">{itemTitle(t, lang, item)}</p>
        <p className="wall-when">
          <StateTag item={item} /> {t.board.kind[item.kind]}　{ago(t, item.at, now)}{item.place === null && `・${t.board.detail.noPlace}`}
        </p>
      </div>
    </li>
  );
}

/** The time, and whether what is shown is of this time. */
function WallClock({ view }: { view: View }) {
  const t = useT();
  const now = useNow(1_000);
  const isLive = view.link === 'live';
  return (
    <div className="wall-time">
      <p className="wall-day">{day(t, now)}</p>
      <p className="wall-link" data-live={isLive}>
        {isLive ? <Check aria-hidden /> : <LoaderCircle aria-hidden />} {!isLive ? t.link.connecting : view.heardAtMs === null ? t.link.live : t.wall.heard(clock(t, new Date(view.heardAtMs)))}
      </p>
      <p className="wall-clock">{clock(t, now)}</p>
    </div>
  );
}

/** Cannot be overlooked from the back of the room: what is shown is old, since when, and that nobody has to do anything about it. */
function WallStale({ view }: { view: View }) {
  const t = useT();
  const now = useNow(5_000);
  const { link, heardAtMs, load } = view;
  const isSilent = link === 'live' && heardAtMs !== null && now.getTime() - heardAtMs > silentMs;
  const isLost = link === 'reconnecting' || link === 'offline' || isSilent;
  const failed = Object.values(load).includes('failed');
  const heard = heardAtMs === null ? null : new Date(heardAtMs);
  return (
    <div role="alert" className="wall-stale-holder" data-stale={isLost}>
      {isLost && (
        <p className="wall-stale">
          <CloudOff aria-hidden />
          <strong>{heard ? t.wall.stale(clock(t, heard), ago(t, heard.toISOString(), now)) : t.wall.never}</strong>
          <span>{t.wall.redialling}</span>
        </p>
      )}
      {!isLost && failed && <p className="wall-stale"><TriangleAlert aria-hidden /> <strong>{t.wall.partly}</strong></p>}
    </div>
  );
}

/** How many pixels a unit of a 1920 x 1080 screen is here. */
function useUnit(): number {
  const measure = () => Math.min(window.innerWidth / 1920, window.innerHeight / 1080);
  const [unit, setUnit] = useState(measure);
  useLayoutEffect(() => {
    document.documentElement.style.setProperty('--u', `${unit}px`);
    return () => void document.documentElement.style.removeProperty('--u');
  }, [unit]);
  useEffect(() => {
    const resized = () => setUnit(measure());
    window.addEventListener('resize', resized);
    return () => window.removeEventListener('resize', resized);
  }, []);
  return unit;
}

/**
 * How many rows the list has room for, also while a banner takes some of it. The line below that tells of more rows takes room itself: where all fit without it, it does not count, or it
 * would stay for good because it is there.
 */
function useRows(body: RefObject<HTMLElement | null>, unit: number, count: number): number {
  const [{ height, below }, setRoom] = useState({ height: 0, below: 0 });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setRoom({ height: entry!.contentRect.height, below: (entry!.target.nextElementSibling as HTMLElement | null)?.offsetHeight ?? 0 }));
    if (body.current) observer.observe(body.current);
    return () => observer.disconnect();
  }, [body]);
  const fitting = (px: number) => Math.max(2, Math.floor(px / (rowUnits * unit)));
  const without = fitting(height + below);
  return count <= without ? without : fitting(height);
}

/** All of what is open, whenever no single thing is looked at. */
function useOverview(controller: MapController | null, open: Item[], isOn: boolean, unit: number): void {
  const places = useRef(open);
  useEffect(() => {
    places.current = open;
  }, [open]);
  const key = isOn ? open.map((i) => i.key).sort().join() : null;
  useEffect(() => {
    if (controller && key !== null) controller.fit(withMargin(boundsOf(places.current.map((i) => i.place && { type: 'Point', coordinates: i.place }))), true, nearest);
  }, [controller, key, unit]);
}

/** Marks stand beside their place, and have names under them. */
function withMargin(box: Box | null): Box | null {
  if (!box) return null;
  const [x, y] = [(box[2] - box[0]) * margin, (box[3] - box[1]) * margin];
  return [box[0] - x, box[1] - y, box[2] + x, box[3] + y];
}

const margin = 0.12;
const mapScale = 1.6;

/** Marks and names on the map as large as the letters beside it. */
function useLargeMap(controller: MapController | null, unit: number): void {
  useEffect(() => {
    if (!controller) return;
    const scale = Math.max(1, mapScale * unit);
    document.documentElement.style.setProperty('--map-scale', String(scale));
    controller.view.setPixelRatio(window.devicePixelRatio * scale);
    controller.view.resize();
    return () => {
      document.documentElement.style.removeProperty('--map-scale');
      controller.view.setPixelRatio(window.devicePixelRatio);
      setTimeout(() => controller.view.resize()); // once the wall's size is no longer the map's
    };
  }, [controller, unit]);
}
