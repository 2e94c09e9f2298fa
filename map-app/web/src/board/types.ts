import type { Feature, Geometry, Point } from 'geojson';

/** A rule's condition began to hold at a device, and perhaps ended (SPEC section 8). */
export interface AlarmProperties {
  revision: number;
  alarmId: string;
  rule: string;
  device: string;
  /** what kind of rule: `threshold`, `absence`, `geofence`, `event`, or the server's own */
  kind: string;
  severity: string;
  state: 'raised' | 'cleared';
  raisedAt: string;
  clearedAt?: string | null;
  value?: number | null;
  limitValue?: number | null;
  /** the measurement or the device's property that passed the limit */
  measure?: string | null;
  messageJa?: string | null;
  messageEn?: string | null;
  acknowledgedAt?: string | null;
  acknowledgedBy?: string | null;
  acknowledgeNote?: string | null;
}

export type FollowState = 'open' | 'working' | 'done' | 'false-report';
export const followStates: FollowState[] = ['open', 'working', 'done', 'false-report'];

/** What a photo shows of a bridge in its record. */
export type GeneralView = 'whole' | 'side' | 'deck' | 'span';
export const generalViews: GeneralView[] = ['whole', 'side', 'deck', 'span'];

export type Shape = 'point' | 'line' | 'polygon' | 'text';

/** What people wrote or drew on the shared board (SPEC section 20). */
export interface BoardProperties {
  revision: number;
  boardId: string;
  kind: 'situation' | 'follow' | 'drawing' | 'no-fly' | 'view';
  /** of a follow; of a `view` see `viewOf` */
  state?: FollowState | null;
  /** of a `view`: the bridge */
  assetId?: string | null;
  crew?: string | null;
  note?: string | null;
  title?: string | null;
  /** of a no-fly area: what allows flights there, to whom, and its last day, `yyyy-MM-dd` */
  permitNumber?: string | null;
  permitHolder?: string | null;
  permitUntil?: string | null;
  startedAt?: string | null;
  shape?: Shape | null;
  colour?: string | null;
  pattern?: string | null;
  removedAt?: string | null;
  changedBy?: string | null;
  changedAt?: string | null;
  changeCount?: number | null;
}

export type AlarmFeature = Feature<Point | null, AlarmProperties>;
export type BoardFeature = Feature<Geometry | null, BoardProperties>;

/** One change of a row: GET /api/v1/board/{boardId}/history. */
export interface BoardChange {
  n: number;
  action: 'set' | 'undo';
  who: string;
  at: string;
  row: { geometry: Geometry | null; properties: Partial<BoardProperties> };
}

/** What the photo of a `view` row shows; null of other rows. */
export const viewOf = (p: BoardProperties) => (p.kind === 'view' ? (p.state as unknown as GeneralView) : null);

export const situationId = 'situation';
export const viewId = (photoId: string) => `view:${photoId}`;
export const followId = (itemKey: string) => `follow:${itemKey}`;
