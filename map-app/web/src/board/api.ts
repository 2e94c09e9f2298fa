import type { Geometry } from 'geojson';
import { lookAtSession } from '../access/look';
import { getJson } from '../api/client';
import type { BoardChange, BoardFeature, BoardProperties, FollowState, GeneralView } from './types';

/** What a row is to be: all of it, what is absent is empty. */
export type BoardValues = Partial<Pick<BoardProperties, 'crew' | 'note' | 'title' | 'startedAt' | 'shape' | 'colour' | 'pattern' | 'assetId' | 'permitNumber' | 'permitHolder' | 'permitUntil'>> & {
  state?: FollowState | GeneralView | null;
  geometry?: Geometry | null;
  removed?: boolean;
};

/** What became of a change. */
export type BoardAnswer =
  | { kind: 'done'; row: BoardFeature }
  /** somebody changed it meanwhile: this is how it is now */
  | { kind: 'conflict'; row: BoardFeature | null }
  | { kind: 'refused'; error: string }
  /** no answer */
  | { kind: 'failed' };

/** No-fly areas belong to those who plan flights, general views to those who decide on findings, all else to the headquarters. */
function pathOf(boardId: string): string {
  const [kind, id = ''] = boardId.split(':');
  if (kind === 'no-fly') return `/api/v1/routes/no-fly/${id}`;
  return kind === 'view' ? `/api/v1/photos/${id}/view` : `/api/v1/board/${encodeURIComponent(boardId)}`;
}

export const putBoard = (boardId: string, values: BoardValues, revision: number, who: string) => send('PUT', pathOf(boardId), { ...values, revision, who });
export const undoBoard = (boardId: string, revision: number, who: string) => send('POST', `${pathOf(boardId)}/undo`, { revision, who });

export const getBoardHistory = async (boardId: string, signal?: AbortSignal) => (await getJson<{ changes: BoardChange[] }>(`/api/v1/board/${encodeURIComponent(boardId)}/history`, signal)).changes;

async function send(method: string, path: string, body: object): Promise<BoardAnswer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { 'content-type': 'application/json', accept: 'application/json', 'accept-language': document.documentElement.lang },
      body: JSON.stringify(body),
    });
  } catch {
    return { kind: 'failed' };
  }
  const answer = (await response.json().catch(() => null)) as unknown;
  if (response.status === 401) lookAtSession();
  if (response.ok) return { kind: 'done', row: answer as BoardFeature };
  const { error, row } = (answer ?? {}) as { error?: unknown; row?: BoardFeature };
  if (response.status === 409) return { kind: 'conflict', row: row ?? null };
  return response.status >= 500 || response.status === 401 ? { kind: 'failed' } : { kind: 'refused', error: typeof error === 'string' ? error : `HTTP ${response.status}` };
}
