import { useEffect, useEffectEvent, useMemo, useState, useSyncExternalStore } from 'react';
import { getJson } from '../api/client';
import { resolveSenml } from '../live/senml';
import type { Pace } from '../map/pace';
import { FieldStore, type View } from '../state/store';
import { pastAlarms, pastDevices, pastEvents, pastFindings, pastPhotos, type PastState } from './past';

export const windowHours = 72;
export const stepMs = 60_000;
export const speeds = [60, 300, 1800] as const;
const calmMs = 120;
const tickMs = 500;

export interface Replay {
  /** null: live */
  atMs: number | null;
  /** what is shown is of this moment; null while the first of it comes */
  shownMs: number | null;
  failed: boolean;
  /** devices of which nothing is kept at that moment */
  unknown: number;
  playing: boolean;
  speed: number;
  store: FieldStore;
  view: View;
  to: (atMs: number | null) => void;
  play: (on: boolean) => void;
  setSpeed: (speed: number) => void;
}

/** The screen as it was: a second store, filled with the state of a moment. The live one goes on meanwhile. */
export function useReplay(live: FieldStore, liveView: View, pace: Pace): Replay {
  const [past] = useState(() => new FieldStore(pace.next));
  const pastView = useSyncExternalStore(past.subscribe, past.getView);
  const [atMs, setAtMs] = useState<number | null>(null);
  const [shown, setShown] = useState<{ atMs: number; unknown: number } | null>(null);
  const [failed, setFailed] = useState(false);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(speeds[1]);

  const take = useEffectEvent((state: PastState, of: number) => {
    const view = live.getView();
    const { devices, unknown } = pastDevices(view.devices.values(), state);
    past.become({
      events: pastEvents(view.events.values(), of), alarms: pastAlarms(view.alarms.values(), of), photos: pastPhotos(view.photos.values(), of),
      findings: pastFindings(view.findings.values(), state.findings, (id) => view.photos.get(id), of), devices, assets: view.assets.values(), board: state.board,
    });
    for (const d of state.devices) past.applyLive({ kind: 'telemetry', device: d.device, measurements: resolveSenml(d.pack, of / 1000) });
    setFailed(false);
    setShown({ atMs: of, unknown });
  });
  useEffect(() => {
    if (atMs === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      getJson<PastState>(`/api/v1/board/at?time=${encodeURIComponent(new Date(atMs).toISOString())}`, abort.signal).then(
        (state) => !abort.signal.aborted && take(state, atMs),
        () => !abort.signal.aborted && setFailed(true),
      );
    }, playing ? 0 : calmMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [atMs, playing]);

  const tick = useEffectEvent(() => {
    if (atMs === null || (shown?.atMs !== atMs && !failed)) return; // the last step is still on its way
    const next = atMs + (speed * tickMs);
    if (next >= Date.now()) return to(null);
    setAtMs(next);
  });
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => tick(), tickMs);
    return () => clearInterval(timer);
  }, [playing]);

  function to(next: number | null) {
    if (next === null) {
      setPlaying(false);
      setShown(null);
      setFailed(false);
    }
    setAtMs(next);
  }
  const { link, heardAtMs } = liveView;
  const pastWithLink = useMemo(() => ({ ...pastView, link, heardAtMs }), [pastView, link, heardAtMs]);
  const isPast = atMs !== null && shown !== null;
  return {
    atMs, shownMs: shown?.atMs ?? null, failed, unknown: shown?.unknown ?? 0, playing, speed, setSpeed, to,
    play: (on) => {
      if (on && atMs === null) setAtMs(Date.now() - windowHours * 3_600_000);
      setPlaying(on);
    },
    store: isPast ? past : live,
    view: isPast ? pastWithLink : liveView,
  };
}
