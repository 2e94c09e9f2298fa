/** SPEC.md, Layers. */
export interface LayerClass {
  key: string;
  rank?: number;
  ja: string;
  en: string;
  colour: string;
  pattern: Pattern;
  values: string[];
  from?: number;
  to?: number;
}

export interface ClassTable {
  field?: string;
  constant?: string;
  preset?: string;
  isDepthM?: boolean;
  /** rows that have no class */
  unclassedCount?: number;
  classes: LayerClass[];
}

/** What the server says of a class table before it is saved. */
export interface ClassCheck {
  /** the row is that of the class, from 1 */
  faults: Note[];
  rows: number;
  empty: number;
  counts: Record<string, number>;
  unclassed: { value: string; rows: number }[];
  otherValues: number;
  unclassedRows: number;
}

export type Pattern = 'none' | 'diagonal' | 'cross' | 'dots';

export interface Note {
  row: number;
  field?: string;
  ja: string;
  en: string;
}

export interface MapLayer {
  layerId: string;
  title: string;
  kind: string;
  dataClass: 'public' | 'internal' | 'resident' | 'tax';
  source?: string;
  sourceDate?: string;
  licence?: string;
  attribution?: string;
  geometryType: string;
  labelField?: string;
  fields?: string[];
  classTable: ClassTable | null;
  bounds: [number, number, number, number] | null;
  featureCount: number;
  repairedCount: number;
  refusedCount: number;
  importedAt: string;
  withdrawnOn?: string;
  withdrawnReason?: string;
  /** when it was taken off the map, and when it is deleted for good */
  removedAt?: string;
  deletedAt?: string;
  edition: string;
  revision: number;
  canRestore: boolean;
  notes?: Note[];
  earlier?: LayerVersion[];
}

/** How a layer was before, and what would be different from now. */
export interface LayerVersion {
  revision: number;
  title: string;
  until: string;
  by: string;
  differs: string[];
}

export interface LayerList {
  kinds: string[];
  layers: MapLayer[];
}

/** What one layer says of a place. */
export interface LayerAt {
  layerId: string;
  title: string;
  withdrawnOn?: string;
  features: {
    n: number;
    class?: string;
    rank?: number;
    label?: string;
    classJa?: string;
    classEn?: string;
    colour?: string;
    distanceM: number;
    attributes: Record<string, unknown>;
  }[];
}

/** What a person chose for a layer; kept in the browser. */
export interface Shown {
  on: boolean;
  opacity: number;
}
