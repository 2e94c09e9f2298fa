import type { FeatureCollection } from 'geojson';

/** Why a photo is of no use; `unreadable`: it cannot be decoded. */
export const flaws = ['blurred', 'over-exposed', 'under-exposed', 'unreadable'] as const;
export type Flaw = (typeof flaws)[number];

/** What the crew does now; `photos-only`: the photos are of use, but nothing says whether some are missing. */
export const verdicts = ['done', 'photos-only', 'wait', 'again'] as const;
export type Verdict = (typeof verdicts)[number];

/** Photos of one device without a pause of half an hour: GET /api/v1/flights (SPEC section 14). */
export interface Flight {
  flightId: string;
  device: string;
  firstAt: string;
  lastAt: string;
  photoCount: number;
  states: { announced: number; stored: number; scored: number; unreadable: number };
  useless: Record<Exclude<Flaw, 'unreadable'>, number>;
  /** what the device still holds */
  queueDepth?: number;
}

export interface FlightTarget {
  assetId: string;
  kind: 'bridge' | 'levee' | 'road';
  name: string;
  photos: number;
}

export interface Gap {
  nameJa: string;
  nameEn: string;
  areaM2: number;
  lengthM: number;
}

export interface FlightPhoto {
  name: string;
  photoId: string;
  waiting: boolean;
  takenAt?: string;
  quality: string[];
  placement: string;
}

/** GET /api/v1/flights/{id}/review */
export interface FlightReview extends Flight {
  targetId: string | null;
  targets: FlightTarget[];
  verdict: Verdict;
  waiting: number;
  sentenceJa: string;
  sentenceEn: string;
  coverageShare: number | null;
  twiceShare: number | null;
  leastOverlap: number | null;
  gaps: Gap[];
  photos: FlightPhoto[];
  /** features of kind `target`, `gap` (with its `index` in gaps) and `photo` (useless ones) */
  map: FeatureCollection;
}

export const received = (f: Flight) => f.states.stored + f.states.scored + f.states.unreadable;
export const looked = (f: Flight) => f.states.scored + f.states.unreadable;

/** Flaws that occur, with how many photos have each. */
export const flawCounts = (f: Flight): [Flaw, number][] =>
  flaws.map((flaw): [Flaw, number] => [flaw, flaw === 'unreadable' ? f.states.unreadable : f.useless[flaw]]).filter(([, n]) => n > 0);
