import { useCallback, useEffect, useRef, useState } from 'react';
import type { Outbox } from '../edge/outbox';
import type { Fix } from './usePosition';

const sealEveryMs = 60_000;
const mostPoints = 300;
const leastStepM = 3;
const mostSilenceMs = 30_000;
const metresPerDegree = 111_320;

export interface Track {
  on: boolean;
  points: number;
  toggle: () => void;
}

/** Records where the person goes, from one press to the next. Points are on the disk as they come; a part is sent each minute. */
export function useTrack(outbox: Outbox, fix: Fix | null, trackId: string | null, setTrackId: (to: string | null) => void): Track {
  const [points, setPoints] = useState(0);
  const last = useRef<Fix | null>(null);

  const seal = useCallback(async () => {
    if ((await outbox.journal.sealTracks(outbox.owner, new Date().toISOString(), mostPoints)) > 0) {
      outbox.changed();
      outbox.nudge();
    }
  }, [outbox]);

  useEffect(() => {
    void seal().catch(() => undefined); // what a killed tab has left
  }, [seal]);

  useEffect(() => {
    if (trackId === null) return;
    const timer = setInterval(() => void seal().catch(() => undefined), sealEveryMs);
    return () => clearInterval(timer);
  }, [trackId, seal]);

  useEffect(() => {
    if (trackId === null || !fix) return;
    const was = last.current;
    if (was && fix.atMs <= was.atMs) return;
    if (was && stepM(was, fix) < leastStepM && fix.atMs - was.atMs < mostSilenceMs) return;
    last.current = fix;
    outbox.journal.addTrackPoint(outbox.owner, trackId, { t: fix.atMs / 1000, lon: fix.lon, lat: fix.lat, accuracyM: fix.accuracyM }).then(
      () => setPoints((n) => n + 1),
      () => undefined,
    );
  }, [trackId, fix, outbox]);

  const toggle = useCallback(() => {
    last.current = null;
    setPoints(0);
    if (trackId !== null) void seal().catch(() => undefined);
    setTrackId(trackId === null ? crypto.randomUUID() : null);
  }, [seal, trackId, setTrackId]);
  return { on: trackId !== null, points, toggle };
}

const stepM = (a: Fix, b: Fix) => Math.hypot((b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180), b.lat - a.lat) * metresPerDegree;
