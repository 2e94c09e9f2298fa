import { lookAtSession } from '../access/look';
import type { Decision } from '../review/plan';
import { ApiError, getJson } from './client';
import type { FindingFeature, History } from './types';

export type SentDecision = Decision & { who: string; revision: number };

/** What became of a decision that was sent. */
export type Answer =
  | { kind: 'done'; finding: FindingFeature }
  /** Somebody changed the finding meanwhile: this is how it is now. */
  | { kind: 'conflict'; finding: FindingFeature | null }
  /** The server will never take it. */
  | { kind: 'refused'; status: number; error: string }
  /** No answer, or not now: to be sent again. */
  | { kind: 'failed' };

/** Of these the person who decided can sign in again, or the server have time again. */
const later = new Set([401, 408, 425, 429]);

export async function postDecision(findingId: string, decision: SentDecision): Promise<Answer> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`/api/v1/findings/${encodeURIComponent(findingId)}/decision`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'accept-language': document.documentElement.lang },
      body: JSON.stringify(decision),
    });
    body = await response.json().catch(() => null);
  } catch {
    return { kind: 'failed' };
  }
  if (response.status === 401) lookAtSession();
  if (response.status >= 500 || later.has(response.status)) return { kind: 'failed' };
  const { error, finding } = (body ?? {}) as { error?: unknown; finding?: FindingFeature };
  if (response.ok) return body ? { kind: 'done', finding: body as FindingFeature } : { kind: 'failed' };
  if (response.status === 409) return { kind: 'conflict', finding: finding ?? null };
  return { kind: 'refused', status: response.status, error: typeof error === 'string' ? error : '' };
}

/** Null where the server knows no finding of that id. */
export async function getHistory(findingId: string, signal?: AbortSignal): Promise<History | null> {
  try {
    return await getJson<History>(`/api/v1/findings/${encodeURIComponent(findingId)}/history`, signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
