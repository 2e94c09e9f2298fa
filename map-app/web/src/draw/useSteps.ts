import { useState } from 'react';
import type { Answer } from '../api/answer';
import { putBoard, undoBoard, type BoardValues } from '../board/api';
import type { BoardFeature } from '../board/types';
import { useChange } from '../board/useChange';
import type { FieldStore, View } from '../state/store';

/** What changing the shared map needs of the page. */
export interface Shared {
  view: View;
  store: FieldStore;
  person: string;
  onAskPerson: () => void;
}

interface Step {
  boardId: string;
  values: BoardValues;
}

/** Changes drawings; what this person did since the page was opened can be taken back and done again. A step counts only when it held on the server. */
export function useSteps({ view, store, person, onAskPerson }: Shared) {
  const { said, run, forget } = useChange(store);
  const [done, setDone] = useState<Step[]>([]);
  const [undone, setUndone] = useState<Step[]>([]);
  const last = done.at(-1);
  const next = undone.at(-1);
  const change = async (boardId: string, ask: (revision: number) => Promise<Answer<BoardFeature>>, then: () => void) => {
    if (person) return run(() => ask(view.board.get(boardId)?.properties.revision ?? view.board.goneAt(boardId) ?? 0), then);
    onAskPerson();
    return false;
  };
  const put = (step: Step, left: Step[]) =>
    change(step.boardId, (revision) => putBoard(step.boardId, step.values, revision, person), () => {
      setDone((steps) => [...steps, step]);
      setUndone(left);
    });
  const undo = (step: Step) =>
    change(step.boardId, (revision) => undoBoard(step.boardId, revision, person), () => {
      setDone((steps) => steps.slice(0, -1));
      setUndone((steps) => [...steps, step]);
    });
  return {
    said,
    forget,
    /** false when it did not hold */
    put: (boardId: string, values: BoardValues) => put({ boardId, values }, []),
    undo: last ? () => void undo(last) : null,
    redo: next ? () => void put(next, undone.slice(0, -1)) : null,
  };
}
