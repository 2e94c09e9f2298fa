import type { Position } from '../draw/geodesy';

/** SPEC.md, Residents and impact. */
export interface Register {
  title: string;
  sourceDate?: string;
  synthetic: boolean;
  columns: string[];
  households: number;
  people: number;
  edition: string;
  /** it was taken away; only who keeps it still sees that there is one */
  removedAt?: string;
}

export interface Ring {
  name: string;
  ring: Position[];
}

export interface Question {
  layers: string[];
  leastClass: number;
  olderLayers: string[];
  by: string | null;
  meshDigits: number | null;
  own: Ring[];
  shelters: { layers: string[]; hazard: string } | null;
  facilities: string[];
  near: { layer: string; withinM: number } | null;
  exact: boolean;
}

export type Cell = string | number | null;

export interface Table {
  key: string;
  title: string;
  isRounded: boolean;
  hasOutlines: boolean;
  named: number;
  all: number;
  columns: { key: string; title: string }[];
  rows: Cell[][];
}

export interface Place {
  id: string;
  name: string;
  address?: string;
  kind?: string;
  lon: number;
  lat: number;
  class: number;
  allowed?: boolean;
}

export interface Shelter extends Place {
  usable: boolean;
  capacity?: number;
  need?: number;
  needSupport?: number;
  meanDistanceM?: number;
}

export interface HazardClass {
  number: number;
  ja: string;
  en: string;
  colour?: string;
}

export interface Answer {
  sentence: string;
  more: string[];
  synthetic: boolean;
  minCell: number;
  leastClass: number;
  classes: HazardClass[];
  tables: Table[];
  shelters?: Shelter[];
  withoutShelter?: number;
  facilities?: Place[];
  notes: string[];
}

export const hiddenCell = 'X';

/** Kinds of layers that are hazards, and those that divide people. */
export const hazardKinds = ['flood', 'pluvial', 'surge', 'tsunami', 'landslide', 'collapse', 'history', 'duration'];
export const isAsked = (q: Question) => q.layers.length > 0 || q.own.length > 0;
export const noQuestion: Question = { layers: [], leastClass: 1, olderLayers: [], by: null, meshDigits: null, own: [], shelters: null, facilities: [], near: null, exact: false };

/** Rows in the order of a column; numbers by size, hidden and absent ones last, sums stay at the end. */
export function sorted(table: Table, column: number, isDown: boolean): Cell[][] {
  const named = table.rows.slice(0, table.named);
  const size = (c: Cell | undefined) => (typeof c === 'number' ? c : -1);
  const order = (a: Cell[], b: Cell[]) => (column < 2 ? String(a[column] ?? '').localeCompare(String(b[column] ?? ''), 'ja') : size(a[column]) - size(b[column]));
  return [...named.toSorted((a, b) => (isDown ? order(b, a) : order(a, b))), ...table.rows.slice(table.named)];
}
