import { getJson } from '../api/client';
import { formOf, send } from '../api/send';
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

const json = (body: unknown, method = 'POST'): RequestInit => ({ method, headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify(body) });

export const getPresets = (signal?: AbortSignal) => getJson<Presets>('/api/v1/layers/presets', signal);

export const upload = (file: File) => send<Inspection>('/api/v1/layers/uploads', { method: 'POST', body: formOf({ file }) });
export const inspect = (uploadId: string, said: object) => send<Inspection>(`/api/v1/layers/uploads/${uploadId}/inspect`, json(said));
export const checkUpload = (uploadId: string, said: object) => send<ClassCheck>(`/api/v1/layers/uploads/${uploadId}/classes`, json(said));
export const checkLayer = (layerId: string, classTable: ClassTable) => send<ClassCheck>(`/api/v1/layers/${layerId}/classes`, json({ classTable }));
export const startImport = (said: object) => send<ImportJob>('/api/v1/layers', json(said));
export const importState = (importId: string) => getJson<ImportJob>(`/api/v1/layers/imports/${importId}`);
export const cancelImport = (importId: string) => send<ImportJob>(`/api/v1/layers/imports/${importId}`, { method: 'DELETE' });
export const removeLayer = (layerId: string) => send<MapLayer>(`/api/v1/layers/${layerId}`, { method: 'DELETE' });
/** A removed layer, or how it was before: the latest, or that of a revision. */
export const restoreLayer = (layerId: string, revision?: number) => send<MapLayer>(`/api/v1/layers/${layerId}/restore${revision === undefined ? '' : `?revision=${revision}`}`, { method: 'POST' });
export const getLayer = (layerId: string, signal?: AbortSignal) => getJson<MapLayer>(`/api/v1/layers/${layerId}`, signal);
export const changeLayer = (layerId: string, said: object) => send<MapLayer>(`/api/v1/layers/${layerId}`, json(said, 'PATCH'));
export const removedLayers = async (signal?: AbortSignal) =>
  (await getJson<LayerList>('/api/v1/layers?removed=true', signal)).layers.filter((l) => l.removedAt).toSorted((a, b) => b.removedAt!.localeCompare(a.removedAt!));
