import * as Slider from '@radix-ui/react-slider';
import { Pause, Play, Radio } from 'lucide-react';
import { useMemo } from 'react';
import type { Item } from '../board/items';
import { number } from '../format/numbers';
import { clock, dateTime } from '../format/time';
import { useT } from '../i18n';
import { marksOf } from './past';
import { speeds, stepMs, windowHours, type Replay } from './useReplay';

interface Props {
  replay: Replay;
  /** of the live board: where things happened */
  items: Item[];
  now: Date;
}

/** The last 72 hours: live at its right end, any moment before it on the way. */
export function TimeSlider({ replay, items, now }: Props) {
  const t = useT();
  const r = t.replay;
  const toMs = Math.ceil(now.getTime() / stepMs) * stepMs;
  const fromMs = toMs - windowHours * 3_600_000;
  const marks = useMemo(() => marksOf(items, fromMs, toMs), [items, fromMs, toMs]);
  const days = useMemo(() => dayStarts(fromMs, toMs), [fromMs, toMs]);
  const { atMs } = replay;
  const move = ([value]: number[]) => value !== undefined && replay.to(value >= toMs - stepMs / 2 ? null : value);
  const said = atMs === null ? r.live : r.at(dateTime(t, new Date(atMs).toISOString()));
  return (
    <section className="time-slider" aria-label={r.label} data-past={atMs !== null}>
      <button type="button" className="tool icon" onClick={() => replay.play(!replay.playing)} aria-label={replay.playing ? r.pause : r.play} title={replay.playing ? r.pause : r.play}>
        {replay.playing ? <Pause aria-hidden /> : <Play aria-hidden />}
      </button>
      <button type="button" className="tool" onClick={() => replay.setSpeed(speeds[(speeds.indexOf(replay.speed as (typeof speeds)[number]) + 1) % speeds.length]!)} aria-label={r.speed(number(replay.speed))} title={r.speed(number(replay.speed))}>
        ×{number(replay.speed)}
      </button>
      <div className="time-track">
        <div className="time-marks" aria-hidden>
          {days.map((d) => (
            <span key={d.ms} className="time-day" style={{ left: `${((d.ms - fromMs) / (toMs - fromMs)) * 100}%` }}>
              {d.text}
            </span>
          ))}
          {marks.map((m) => (
            <span key={`${m.at} ${m.severity}`} className="time-mark" data-severity={m.severity} style={{ left: `${m.at}%` }} />
          ))}
        </div>
        <Slider.Root className="time-root" min={fromMs} max={toMs} step={stepMs} value={[Math.max(fromMs, Math.min(atMs ?? toMs, toMs))]} onValueChange={move}>
          <Slider.Track className="time-line">
            <Slider.Range className="time-range" />
          </Slider.Track>
          <Slider.Thumb className="time-thumb" aria-label={r.label} aria-valuetext={said} />
        </Slider.Root>
      </div>
      <p className="time-said" role="status">
        <strong>{said}</strong>
        {replay.failed && <span data-bad>{r.failed}</span>}
        {!replay.failed && atMs !== null && replay.unknown > 0 && <span>{r.unknown(number(replay.unknown))}</span>}
      </p>
      <button type="button" className="button" aria-pressed={atMs === null} onClick={() => replay.to(null)} title={`${r.toLive} (Esc)`}>
        <Radio aria-hidden size={18} /> {r.toLive}
      </button>
    </section>
  );
}

/** Unmistakable, over the map, while what is shown is not now. */
export function PastBanner({ replay }: { replay: Replay }) {
  const t = useT();
  if (replay.atMs === null) return null;
  const at = new Date(replay.shownMs ?? replay.atMs);
  return (
    <p className="past-banner">
      {t.replay.showing(clock(t, at))}
    </p>
  );
}

/** Midnights in Japan. */
function dayStarts(fromMs: number, toMs: number): { ms: number; text: string }[] {
  const offset = 9 * 3_600_000;
  const day = 24 * 3_600_000;
  const days = [];
  for (let ms = Math.ceil((fromMs + offset) / day) * day - offset; ms < toMs; ms += day) {
    const date = new Date(ms + offset);
    days.push({ ms, text: `${date.getUTCMonth() + 1}/${date.getUTCDate()}` });
  }
  return days;
}
