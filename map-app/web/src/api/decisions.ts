import type { Lang } from '../i18n';
import type { Decision } from '../review/plan';
import { send } from './answer';
import { ApiError, getJson } from './client';
import type { FindingFeature, History } from './types';

export type SentDecision = Decision & { who: string; revision: number };

/** What became of a decision that was sent. */
export type Outcome =
  | { kind: 'done'; finding: FindingFeature }
  /** Somebody changed the finding meanwhile: this is how it is now. */
  | { kind: 'conflict'; finding: FindingFeature | null }
  /** The server will never take it. */
  | { kind: 'refused'; status: number; error: string }
  /** No answer, or not now: to be sent again. */
  | { kind: 'failed' };

/** Of these the person who decided can sign in again, or the server have time again. */
const later = new Set([401, 408, 425, 429]);

export async function postDecision(findingId: string, decision: SentDecision): Promise<Outcome> {
  const answer = await send<FindingFeature>('POST', `/api/v1/findings/${encodeURIComponent(findingId)}/decision`, decision);
  if (answer.ok) return answer.value ? { kind: 'done', finding: answer.value } : { kind: 'failed' };
  const { fault } = answer;
  if (!fault || fault.status >= 500 || later.has(fault.status)) return { kind: 'failed' };
  if (fault.status === 409) return { kind: 'conflict', finding: (fault.body as { finding?: FindingFeature } | null)?.finding ?? null };
  return { kind: 'refused', status: fault.status, error: fault[document.documentElement.lang as Lang] };
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
