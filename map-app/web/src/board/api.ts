import type { Geometry } from 'geojson';
import { send } from '../api/answer';
import { getJson } from '../api/client';
import type { BoardChange, BoardFeature, BoardProperties, FollowState, GeneralView } from './types';

/** What a row is to be: all of it, what is absent is empty. */
export type BoardValues = Partial<Pick<BoardProperties, 'crew' | 'note' | 'title' | 'startedAt' | 'shape' | 'colour' | 'pattern' | 'assetId' | 'permitNumber' | 'permitHolder' | 'permitUntil'>> & {
  state?: FollowState | GeneralView | null;
  geometry?: Geometry | null;
  removed?: boolean;
};

/** No-fly areas belong to those who plan flights, general views to those who decide on findings, all else to the headquarters. */
function pathOf(boardId: string): string {
  const [kind, id = ''] = boardId.split(':');
  if (kind === 'no-fly') return `/api/v1/routes/no-fly/${id}`;
  return kind === 'view' ? `/api/v1/photos/${id}/view` : `/api/v1/board/${encodeURIComponent(boardId)}`;
}

export const putBoard = (boardId: string, values: BoardValues, revision: number, who: string) => send<BoardFeature>('PUT', pathOf(boardId), { ...values, revision, who });
export const undoBoard = (boardId: string, revision: number, who: string) => send<BoardFeature>('POST', `${pathOf(boardId)}/undo`, { revision, who });

export const getBoardHistory = async (boardId: string, signal?: AbortSignal) => (await getJson<{ changes: BoardChange[] }>(`/api/v1/board/${encodeURIComponent(boardId)}/history`, signal)).changes;
