import type { FeatureCollection, Geometry, Position } from 'geojson';
import type { RouteNumber, RouteOptions } from './types';

export type Kind = 'levee' | 'bridge';
export type Side = 'right' | 'left' | 'river' | 'land';

export interface Home {
  lon: number;
  lat: number;
  ground: string;
}

/** What the person entered; an empty number is the default. */
export interface RouteForm {
  camera: string;
  numbers: Record<string, string>;
  side: Side;
  homes: Home[];
  axis: Position[];
  beside: boolean;
  under: boolean;
  noFly: { name: string; shapes: FeatureCollection | Geometry } | null;
  /** of a levee: metres along it and elevation */
  ground: { name: string; rows: [number, number][] } | null;
}

/** Numbers that are not the server's table's. */
export const ownNumbers = { levee: ['fromKm', 'toKm'], bridge: ['deckWidthM'] } as const;

/** What stands in the panel at once; the others are folded away. */
export const firstNumbers: Record<Kind, string[]> = {
  levee: ['heightM', 'widthM', 'offsetM', 'frontPercent', 'sidePercent', 'pitchDeg', 'speedMps', 'batteryMin'],
  bridge: ['standOffM', 'frontPercent', 'sidePercent', 'pitchDeg', 'speedMps', 'batteryMin'],
};
export const heightNumbers = ['topM', 'undersideM', 'waterM', 'bottomM'];

/** At a bridge's distance no camera follows the usual 5 m/s. */
export const emptyForm = (kind: Kind): RouteForm => ({
  camera: '',
  numbers: kind === 'bridge' ? { speedMps: '1' } : {},
  side: 'right',
  homes: [],
  axis: [],
  beside: true,
  under: true,
  noFly: null,
  ground: null,
});

/** A number as people type it, full-width digits and signs too; null when it is none. */
export function parseNumber(text: string): number | null {
  const plain = text.normalize('NFKC').replace(/[−－ー‐]/g, '-').trim();
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? Number(plain) : null;
}

export interface Prepared {
  /** the JSON to send, or null while a number is none */
  body: string | null;
  /** members whose text is no number */
  invalid: string[];
}

/** The API's body, and what keeps it from being sent. */
export function prepare(kind: Kind, assetId: string, form: RouteForm): Prepared {
  const invalid: string[] = [];
  const body: Record<string, unknown> = { kind, assetId };
  for (const [member, text] of Object.entries(form.numbers)) {
    if (text.trim() === '') continue;
    const value = parseNumber(text);
    if (value === null) invalid.push(member);
    else body[member] = value;
  }
  if (form.camera) body['camera'] = form.camera;
  if (kind === 'levee' && form.side !== 'right') body['side'] = form.side;
  if (kind === 'bridge') {
    body['beside'] = form.beside;
    body['under'] = form.under;
    if (form.axis.length > 1) body['line'] = { type: 'LineString', coordinates: form.axis };
  }
  body['homes'] = form.homes.map(({ lon, lat, ground }, i) => {
    const groundM = ground.trim() === '' ? null : parseNumber(ground);
    if (groundM === null && ground.trim() !== '') invalid.push(`home${i}`);
    return { lon, lat, groundM };
  });
  if (form.noFly) body['noFly'] = form.noFly.shapes;
  if (kind === 'levee' && form.ground) body['ground'] = form.ground.rows;
  return { body: invalid.length > 0 ? null : JSON.stringify(body), invalid };
}

export const numbersOf = (options: RouteOptions, kind: Kind): RouteNumber[] => [...options[kind], ...options.shared];
