import type { FeatureCollection } from 'geojson';
import { fetchProven } from '../access/proof';
import { lookAtSession } from '../access/look';
import { resolveSenml, type Measurement } from '../live/senml';
import { isReplaced, type FeatureOf, type Kind, type PhotoDetail, type SiteConfig, type Snapshot } from './types';

/** The server did not answer, or answered with an error; `status` is null without an answer. */
export class ApiError extends Error {
  constructor(
    readonly path: string,
    readonly status: number | null,
  ) {
    super(status === null ? `no answer: ${path}` : `HTTP ${status}: ${path}`);
  }
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetchProven(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(path, null);
  }
  if (response.status === 401) lookAtSession();
  if (!response.ok) throw new ApiError(path, response.status);
  return (await response.json()) as T;
}

export const getConfig = (signal?: AbortSignal) => getJson<SiteConfig>('/api/v1/config', signal);

/** Features of one kind that changed after revision `since`; everything when `since` is null. */
export function getFeatures<K extends Kind>(kind: K, since: number | null, signal?: AbortSignal) {
  const query = since === null ? '' : `?since=${since}`;
  return getJson<Snapshot<FeatureOf[K]>>(`/api/v1/features/${kind}${query}`, signal);
}

/** A photo with its findings, those too that another photo's finding stands for (`mergedInto`). */
export async function getPhoto(photoId: string, signal?: AbortSignal): Promise<PhotoDetail> {
  const photo = await getJson<PhotoDetail>(`/api/v1/photos/${encodeURIComponent(photoId)}`, signal);
  return { ...photo, findings: photo.findings.filter((f) => !isReplaced(f)) };
}

/** What a device measured during the last hours, resolved SenML. */
export async function getTelemetry(device: string, hours: number, signal?: AbortSignal): Promise<Measurement[]> {
  const pack = await getJson<unknown>(`/api/v1/telemetry/${encodeURIComponent(device)}?hours=${hours}`, signal);
  return resolveSenml(pack, Date.now() / 1000);
}

/** The photo as JPEG, at most `widthPx` wide. */
export const photoImageUrl = (photoId: string, widthPx: number) =>
  `/api/v1/photos/${encodeURIComponent(photoId)}/image?width=${widthPx}`;

/** The small copy of a photo whose bytes are still on their way: another address than the photo's, which browsers keep. */
export const thumbnailUrl = (photoId: string) => `/api/v1/photos/${encodeURIComponent(photoId)}/image?announced`;

/** The photo's own bytes. */
export const photoOriginalUrl = (photoId: string) => `/api/v1/photos/${encodeURIComponent(photoId)}/image`;

/** The offline base map, or null when the site has none. */
export async function getCity(signal?: AbortSignal): Promise<FeatureCollection | null> {
  try {
    return await getJson<FeatureCollection>('/api/v1/base/city.geojson', signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
