import { formOf, send } from '../api/answer';
import { getJson } from '../api/client';
import type { ClassCheck, ClassTable, LayerList, MapLayer, Note } from './types';

export interface InspectedLayer {
  name: string;
  geometryType: string;
  featureCount: number;
  epsg?: number;
  needsPlace: boolean;
  preset?: string;
  classField?: string;
  fields: { name: string; samples: string[]; distinctCount: number; canBeClass: boolean }[];
  problems: Note[];
}

export interface Inspection {
  uploadId: string;
  fileName: string;
  problem?: string;
  layers: InspectedLayer[];
}

export interface ImportJob {
  importId: string;
  state: 'running' | 'done' | 'refused' | 'failed' | 'cancelled';
  rows: number;
  total: number;
  error?: string;
  isUnchanged?: boolean;
  faults?: Note[];
  notes?: Note[];
  layer?: MapLayer;
}

export interface Presets {
  kinds: string[];
  dataClasses: string[];
  presets: { name: string; kind: string; ja: string; en: string; classTable: ClassTable }[];
}

export const getPresets = (signal?: AbortSignal) => getJson<Presets>('/api/v1/layers/presets', signal);

export const upload = (file: File) => send<Inspection>('POST', '/api/v1/layers/uploads', formOf({ file }));
export const inspect = (uploadId: string, said: object) => send<Inspection>('POST', `/api/v1/layers/uploads/${uploadId}/inspect`, said);
export const checkUpload = (uploadId: string, said: object) => send<ClassCheck>('POST', `/api/v1/layers/uploads/${uploadId}/classes`, said);
export const checkLayer = (layerId: string, classTable: ClassTable) => send<ClassCheck>('POST', `/api/v1/layers/${layerId}/classes`, { classTable });
export const startImport = (said: object) => send<ImportJob>('POST', '/api/v1/layers', said);
export const importState = (importId: string) => getJson<ImportJob>(`/api/v1/layers/imports/${importId}`);
export const cancelImport = (importId: string) => send<ImportJob>('DELETE', `/api/v1/layers/imports/${importId}`);
export const removeLayer = (layerId: string) => send<MapLayer>('DELETE', `/api/v1/layers/${layerId}`);
/** A removed layer, or how it was before: the latest, or that of a revision. */
export const restoreLayer = (layerId: string, revision?: number) => send<MapLayer>('POST', `/api/v1/layers/${layerId}/restore${revision === undefined ? '' : `?revision=${revision}`}`);
export const getLayer = (layerId: string, signal?: AbortSignal) => getJson<MapLayer>(`/api/v1/layers/${layerId}`, signal);
export const changeLayer = (layerId: string, said: object) => send<MapLayer>('PATCH', `/api/v1/layers/${layerId}`, said);
export const removedLayers = async (signal?: AbortSignal) =>
  (await getJson<LayerList>('/api/v1/layers?removed=true', signal)).layers.filter((l) => l.removedAt).toSorted((a, b) => b.removedAt!.localeCompare(a.removedAt!));
