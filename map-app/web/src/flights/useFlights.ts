import { useEffect, useEffectEvent, useState } from 'react';
import { getJson } from '../api/client';
import type { View } from '../state/store';
import type { Flight, FlightReview } from './types';

const settleMs = 3_000; // a flight that comes in changes with every photo
const retryMs = 10_000;

/** What was asked for last; a failure leaves what is known, with its age. */
export interface Asked<T> {
  data: T | null;
  failed: boolean;
  at: Date | null;
}

export interface Flights {
  list: Asked<Flight[]>;
  /** the flight that is open, and what it is compared with */
  chosen: { flightId: string; target: string } | null;
  review: Asked<FlightReview>;
  choose: (flightId: string | null) => void;
  compare: (target: string) => void;
  retry: () => void;
}

/** Flights and the review of the one that is open, renewed when photos change. Asks nothing while nobody looks. */
export function useFlights(view: View, open: boolean): Flights {
  const [chosen, setChosen] = useState<Flights['chosen']>(null);
  const photos = useSettled(view.photos.version);
  const [list, retryList] = useAsked<{ flights: Flight[] }>(open ? '/api/v1/flights' : null, photos, 'flights');
  const path = chosen && `/api/v1/flights/${encodeURIComponent(chosen.flightId)}/review?target=${encodeURIComponent(chosen.target)}`;
  const [review, retryReview] = useAsked<FlightReview>(path, photos, path ?? '');
  return {
    list: { ...list, data: list.data?.flights ?? null },
    chosen,
    review,
    choose: (flightId) => setChosen(flightId === null ? null : { flightId, target: 'auto' }),
    compare: (target) => setChosen((was) => was && { ...was, target }),
    retry: () => {
      retryList();
      retryReview();
    },
  };
}

/** A number that follows another, but not faster than every few seconds. */
function useSettled(value: number): number {
  const [settled, setSettled] = useState(value);
  const settle = useEffectEvent(() => setSettled(value));
  const behind = settled !== value;
  useEffect(() => {
    if (!behind) return;
    const timer = setTimeout(() => settle(), settleMs);
    return () => clearTimeout(timer);
  }, [behind]);
  return settled;
}

/** Asks for a path, again when `version` changes or it failed; forgets the answer when `key` changes. */
function useAsked<T>(path: string | null, version: number, key: string): [Asked<T>, () => void] {
  const [answer, setAnswer] = useState<Asked<T> & { key: string }>({ key, data: null, failed: false, at: null });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    getJson<T>(path, abort.signal).then(
      (data) => setAnswer({ key, data, failed: false, at: new Date() }),
      () => {
        if (abort.signal.aborted) return;
        setAnswer((was) => (was.key === key ? { ...was, failed: true } : { key, data: null, failed: true, at: null }));
        timer = setTimeout(() => setAttempt((n) => n + 1), retryMs);
      },
    );
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [path, version, key, attempt]);
  return [answer.key === key ? answer : { data: null, failed: false, at: null }, () => setAttempt((n) => n + 1)];
}
