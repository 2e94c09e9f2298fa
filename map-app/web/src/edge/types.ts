import type { ReportLabels } from '../format/reportWords';
/** Whose outbox something is: the account's name, or empty while nobody needs to sign in. */
export type Owner = string;

/** The browser as an edge device (SPEC section 21), one for each person who used it. */
export interface Device {
  owner: Owner;
  site: string;
  id: string;
  /** the highest sequence that was ever given to a message; grows in the transaction that keeps the message */
  lastSequence: number;
}

export type ItemKind = 'report' | 'photo' | 'track';

/** Something that waits, or was stored: one message with a sequence. A photo's message is its manifest. */
export interface Item {
  key: string;
  owner: Owner;
  kind: ItemKind;
  /** when the person made it; the order of sending */
  at: string;
  state: 'waiting' | 'stored' | 'rejected';
  /** set before it is sent for the first time, together with `sequence` and `payload`, and never changed while the device is valid */
  device: string | null;
  sequence: number | null;
  payload: string | null;
  report?: ReportBody;
  track?: TrackBody;
  photo?: PhotoBody;
  /** `rejected`: the server's code and sentence */
  reason?: string;
  detail?: string;
  settledAt?: string;
}

export type PlaceSource = 'gps' | 'map' | 'hand' | 'asset';

export interface Place {
  lon: number;
  lat: number;
  /** radius that holds the place with 68 %, metres; null when nobody measured it */
  accuracyM: number | null;
  by: PlaceSource;
}

export type Severity = 'info' | 'warning' | 'critical';

export interface ReportBody {
  place: Place | null;
  category: string | null;
  severity: Severity | null;
  note: string;
  photoIds: string[];
  /** names of photos that the tablet had no room for */
  missingPhotos: string[];
  assetId: string | null;
  who: string | null;
  /** a form of one's own: its id, what was filled in, and its words as they were (absent in reports of before they were kept) */
  form: { id: string; values: Record<string, string | number | boolean>; labels?: ReportLabels } | null;
  /** the report that this one says better, and the versions of it that the person had before the eyes (`device:sequence`) */
  amends: string | null;
  bases: string[];
  /** what the tablet made of the photos by itself; absent in reports of before there was such a thing */
  hints?: Hint[];
}

/** What a model on the tablet saw in a photo: a hint, never a finding (SPEC section 21). */
export interface Hint {
  photoId: string;
  model: string;
  /** null: nothing was seen */
  class: string | null;
  /** mean probability over the most certain place, 0 to 1 */
  score: number;
  /** places in all */
  found: number;
  /** the most certain first: left, top, right, bottom as shares of the picture as stored */
  places: number[][];
  suggested: { category: string; severity: Severity } | null;
  /** the person took the suggestion over, and the report is sent with it */
  taken: boolean;
}

export interface PhotoBody {
  photoId: string;
  name: string;
  sizeBytes: number;
  capturedAt: string | null;
  /** key of the report that it belongs to; empty: of no report */
  report: string;
  /** taken from the air: its pose goes along, and it is laid on the ground */
  aerial?: AerialBody;
}

/** What a photo's EXIF and XMP say (SPEC section 5, `camera`). */
export interface AerialBody {
  /** lon, lat, and metres above the sea when they are known */
  place: [number, number] | [number, number, number] | null;
  capturedAt: string | null;
  capturedAtAssumed: boolean;
  camera: Record<string, string | number | undefined>;
}

export interface TrackPoint {
  /** seconds since 1970 */
  t: number;
  lon: number;
  lat: number;
  accuracyM: number | null;
}

export interface TrackBody {
  trackId: string;
  points: TrackPoint[];
}

/** A photo on the tablet; its bytes go when the server has them. */
export interface StoredPhoto {
  photoId: string;
  name: string;
  sizeBytes: number;
  capturedAt: string | null;
  bytes: Blob | null;
  thumbnail: Blob | null;
}
