import { putBoard, undoBoard, type BoardAnswer, type BoardValues } from '../board/api';

/** What this person did to drawings since the page was opened, to be taken back and done again. */
interface Step {
  boardId: string;
  values: BoardValues;
}

export interface Steps {
  done: Step[];
  undone: Step[];
}

export const noSteps: Steps = { done: [], undone: [] };

export const didStep = (steps: Steps, step: Step): Steps => ({ done: [...steps.done, step], undone: [] });

/** Takes the last step back on the server; it stays to be done again only when that held. */
export async function undoStep(steps: Steps, revisionOf: (boardId: string) => number, who: string): Promise<{ answer: BoardAnswer | null; steps: Steps }> {
  const step = steps.done.at(-1);
  if (!step) return { answer: null, steps };
  const answer = await undoBoard(step.boardId, revisionOf(step.boardId), who);
  return { answer, steps: answer.kind === 'done' ? { done: steps.done.slice(0, -1), undone: [...steps.undone, step] } : steps };
}

export async function redoStep(steps: Steps, revisionOf: (boardId: string) => number, who: string): Promise<{ answer: BoardAnswer | null; steps: Steps }> {
  const step = steps.undone.at(-1);
  if (!step) return { answer: null, steps };
  const answer = await putBoard(step.boardId, step.values, revisionOf(step.boardId), who);
  return { answer, steps: answer.kind === 'done' ? { done: [...steps.done, step], undone: steps.undone.slice(0, -1) } : steps };
}
