import type { Answer } from '../api/answer';
import { useAsked } from '../api/useAsked';
import { useT } from '../i18n';
import type { FieldStore } from '../state/store';
import type { BoardFeature } from './types';

/** Changes rows of the board: a row is shown at once as the server has it, also as somebody else left it meanwhile. */
export function useChange(store: FieldStore) {
  const t = useT();
  const { busy, said, run, forget } = useAsked();
  const { fault } = said ?? {};
  return {
    busy,
    /** why the last change was not made */
    said: fault?.status === 409 ? t.draw.conflict : (said?.text ?? null),
    /** where somebody else was first */
    theirs: fault?.status === 409 ? { row: rowOf(fault.body) } : null,
    /** true when it was made */
    run: async (ask: () => Promise<Answer<BoardFeature>>, then?: (row: BoardFeature) => void): Promise<boolean> => {
      const answer = await run(async () => {
        const answer = await ask();
        const row = answer.ok ? answer.value : rowOf(answer.fault?.body);
        if (row) store.applyOwn({ kind: 'board', feature: row });
        return answer;
      }, then);
      return answer.ok;
    },
    forget,
  };
}

const rowOf = (body: unknown) => (body as { row?: BoardFeature } | null | undefined)?.row ?? null;
