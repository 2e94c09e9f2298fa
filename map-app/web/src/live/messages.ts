import type { Feature } from 'geojson';
import type { FeatureOf, Kind } from '../api/types';
import { resolveSenml, type Measurement } from './senml';

export type LiveMessage =
  | { [K in Kind]: { kind: K; feature: FeatureOf[K] } }[Kind]
  | { kind: 'telemetry'; device: string; measurements: Measurement[] }
  /** an imported layer came, changed or went: what is in the list is asked for again */
  | { kind: 'layer' };

const kindOfTopic = new Map<string, Kind>([
  ['photo', 'photos'],
  ['finding', 'findings'],
  ['device', 'devices'],
  ['event', 'events'],
  ['alarm', 'alarms'],
  ['board', 'board'],
]);

/**
 * Reads one live message: topic `field/v1/{site}/live/{kind}/{id}`. Anything that is not understood is null: a newer
 * server may say more than this map knows.
 */
export function readLive(topic: string, payload: string, receivedS: number): LiveMessage | null {
  const [, , , live, what, id] = topic.split('/');
  if (live !== 'live' || what === undefined || id === undefined) return null;
  if (what === 'layer') return { kind: 'layer' };
  const body = parse(payload);
  if (what === 'telemetry') return { kind: 'telemetry', device: id, measurements: resolveSenml(body, receivedS) };
  const kind = kindOfTopic.get(what);
  const feature = kind && featureOf(body);
  return feature ? ({ kind, feature } as LiveMessage) : null;
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return null;
  }
}

/** The GeoJSON Feature in a CloudEvent's data, when it carries a revision. */
function featureOf(event: unknown): Feature | null {
  const data = (event as { data?: unknown } | null)?.data as Partial<Feature> | null | undefined;
  if (data?.type !== 'Feature' || typeof data.properties !== 'object' || data.properties === null) return null;
  return typeof (data.properties as { revision?: unknown }).revision === 'number' ? (data as Feature) : null;
}
