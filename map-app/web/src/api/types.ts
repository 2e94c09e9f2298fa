import type { Feature, Geometry, MultiPolygon, Point, Polygon } from 'geojson';
import type { AlarmFeature, BoardFeature } from '../board/types';

/** What the server says about itself and its site: GET /api/v1/config. */
export interface SiteConfig {
  site: string;
  siteName: string;
  siteNameEn: string;
  /** Everything on the map is made up. */
  synthetic: boolean;
  mqttPath: string;
  base: BaseMap;
  gsiTiles: { url: string; attribution: string } | null;
  version: string;
}

export interface BaseMap {
  kind: 'demo' | 'none' | 'gsi';
  attribution: string | null;
  attributionEn: string | null;
  /** west, south, east, north in degrees */
  bounds: [number, number, number, number] | null;
  /** lon, lat */
  center: [number, number] | null;
  zoom: number;
}

export const kinds = ['photos', 'findings', 'devices', 'events', 'alarms', 'assets', 'board'] as const;
export type Kind = (typeof kinds)[number];

/** Every feature carries the site-wide revision of its last change (SPEC section 8). */
interface Revised {
  revision: number;
}

export type PhotoState = 'announced' | 'stored' | 'scored' | 'unreadable';
export type Placement = 'measured' | 'assumed' | 'none';

export interface PhotoProperties extends Revised {
  photoId: string;
  name: string;
  device: string;
  capturedAt: string | null;
  receivedAt: string;
  state: PhotoState;
  placement: Placement;
  assumptions?: string[] | null;
  reason?: string | null;
  cameraLon?: number | null;
  cameraLat?: number | null;
  heightM?: number | null;
  yawDeg?: number | null;
  pitchDeg?: number | null;
  gsdM?: number | null;
  errorM?: number | null;
  widthPx?: number | null;
  heightPx?: number | null;
  sizeBytes?: number | null;
  findingCount?: number | null;
  scoredAt?: string | null;
  synthetic?: boolean | null;
}

export interface FindingProperties extends Revised {
  findingId: string;
  photoId: string;
  class: string;
  /** 0..1 */
  score: number;
  /** `superseded`: another model's result took its place */
  status: 'draft' | 'confirmed' | 'corrected' | 'rejected' | 'superseded';
  lengthM?: number | null;
  meanWidthMm?: number | null;
  maxWidthMm?: number | null;
  areaM2?: number | null;
  /** false: the width is below one ground sample distance and is not given */
  resolvable?: boolean | null;
  gsdM?: number | null;
  errorM?: number | null;
  centreLon?: number | null;
  centreLat?: number | null;
  model?: string | null;
  capturedAt?: string | null;
  device?: string | null;
  /** `kind:ledgerId` of the nearest asset */
  assetId?: string | null;
  /** `element:bridge/number` */
  elementId?: string | null;
  river?: string | null;
  /** looking downstream */
  bank?: 'left' | 'right' | null;
  /** the next distance mark downstream, km */
  markKm?: number | null;
  /** metres upstream of it */
  markOffsetM?: number | null;
  /** 0 inside */
  assetDistanceM?: number | null;
  /** why the asset is doubtful or absent: a code of SPEC.md section 8 */
  assetReason?: string | null;
  /** the finding that stands for this and others of the same damage; null: it stands for itself */
  mergedInto?: string | null;
  /** photos that show the damage, its own first; null: only its own */
  photoIds?: string[] | null;
  lengthErrorM?: number | null;
  /** of a crack over several photos: its whole length; null: one photo shows all of it, or it bends too much */
  chainLengthM?: number | null;
  chainErrorM?: number | null;
  widthErrorMm?: number | null;
  spacingMm?: number | null;
  /** number of the bridge damage type, 1 to 26 */
  damageType?: number | null;
  rankScale?: 'bridge' | 'levee' | null;
  /** draft by the table, from the mildest to the worst that the numbers allow */
  degreeLeast?: string | null;
  degreeMost?: string | null;
  degreeNumbers?: Record<string, number> | null;
  degreeReasons?: string[] | null;
  /** what a person decided */
  degree?: string | null;
  /** 0..100, for the order of drafts */
  urgency?: number | null;
  decidedBy?: string | null;
  decidedAt?: string | null;
  decisionNote?: string | null;
  decisionCount?: number | null;
  /** only in the answer for one photo: rings in the photo's pixels, x right, y down */
  pixelRings?: [number, number][][];
}

export interface DeviceProperties extends Revised {
  device: string;
  kind?: string | null;
  state: string;
  lastSeenAt?: string | null;
  batteryPercent?: number | null;
  queueDepth?: number | null;
  firmware?: string | null;
}

export type AssetKind = 'bridge' | 'element' | 'levee' | 'mark' | 'road';

export interface AssetProperties extends Revised {
  /** `kind:ledgerId`, of an element `element:bridge/ledgerId` */
  assetId: string;
  kind: AssetKind;
  ledgerId: string;
  name?: string | null;
  /** an element's bridge */
  parent?: string | null;
  river?: string | null;
  bank?: 'left' | 'right' | null;
  /** of a distance mark */
  km?: number | null;
  /** of a levee line at its first and last vertex */
  startKm?: number | null;
  endKm?: number | null;
  /** the ledger's row */
  attributes?: Record<string, unknown> | null;
  source?: string | null;
  importedAt?: string | null;
}

/** One decision in a finding's history. */
export interface PastDecision {
  n: number;
  action: 'confirm' | 'correct' | 'reject' | 'undo';
  who: string;
  at: string;
  note?: string | null;
  before?: Record<string, unknown> | null;
  after?: Record<string, unknown> | null;
}

/** GET /api/v1/findings/{findingId}/history, the oldest first. */
export interface History {
  findingId: string;
  decisions: PastDecision[];
}

export interface EventProperties extends Revised {
  kind: string;
  device?: string | null;
  time?: string | null;
  [other: string]: unknown;
}

export type PhotoFeature = Feature<Polygon | MultiPolygon | null, PhotoProperties>;
export type FindingFeature = Feature<Polygon | MultiPolygon | null, FindingProperties>;
export type DeviceFeature = Feature<Point | null, DeviceProperties>;
export type EventFeature = Feature<Point | null, EventProperties>;
export type AssetFeature = Feature<Geometry | null, AssetProperties>;

export interface FeatureOf {
  photos: PhotoFeature;
  findings: FindingFeature;
  devices: DeviceFeature;
  events: EventFeature;
  alarms: AlarmFeature;
  assets: AssetFeature;
  board: BoardFeature;
}

/** A FeatureCollection with the site's revision at the time of the answer. */
export interface Snapshot<F> {
  type: 'FeatureCollection';
  features: F[];
  revision: number;
}

/** GET /api/v1/photos/{photoId}: the photo with its findings and their pixel rings. */
export type PhotoDetail = PhotoFeature & { findings: FindingFeature[] };

/** A finding that is not to be shown on the map (SPEC section 8): replaced, or the same damage as another. */
export const isHidden = (f: FindingFeature) => f.properties.status === 'superseded' || f.properties.mergedInto != null;

/** Another model's result took its place: nobody is to see it any more. */
export const isReplaced = (f: FindingFeature) => f.properties.status === 'superseded';

/** The identity under which a feature is kept. */
export const idOf: { [K in Kind]: (f: FeatureOf[K]) => string } = {
  photos: (f) => f.properties.photoId,
  findings: (f) => f.properties.findingId,
  devices: (f) => f.properties.device,
  assets: (f) => f.properties.assetId,
  alarms: (f) => f.properties.alarmId,
  board: (f) => f.properties.boardId,
  events: (f) => String(f.id ?? `${f.properties.device ?? ''}/${f.properties.revision}`),
};
