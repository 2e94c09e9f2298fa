import { getJson } from '../api/client';
import { formOf, Refused, send } from '../api/send';
import type { Note } from '../layers/types';

/** SPEC.md, Residents: for who keeps the register. */
export interface Kept {
  title: string;
  sourceDate?: string;
  synthetic: boolean;
  pointsFile: string;
  registerFile?: string;
  households: number;
  people: number;
  rows: Record<string, number>;
  importedAt?: string;
  importedBy: string;
  removedAt?: string;
  edition: string;
  canRestore: boolean;
}

/** A row that does not count, and why. */
export interface OddRow {
  n: number;
  household?: string;
  people: number;
  state: string;
  reasonJa?: string;
  reasonEn?: string;
}

export interface Outcome {
  isTrial?: boolean;
  isUnchanged?: boolean;
  faults: Note[];
  notes: Note[];
  register?: Kept;
  rows?: OddRow[];
  error?: string;
}

export interface Files {
  points: File;
  register: File | null;
  crs: string;
  encoding: string;
  registerEncoding: string;
  title: string;
  sourceDate: string;
  synthetic: boolean;
}

const path = '/api/v1/residents';

export const getKept = (signal?: AbortSignal) => getJson<{ register: Kept | null }>(path, signal);

/** With `trial` the server reads and keeps nothing. A file that it cannot take is an outcome too. */
export async function bring({ points, register, crs, encoding, registerEncoding, title, sourceDate, synthetic }: Files, trial: boolean): Promise<Outcome> {
  const body = formOf({ points, register, crs, encoding, registerEncoding, title, sourceDate, synthetic: synthetic ? 'true' : null });
  try {
    return await send<Outcome>(`${path}${trial ? '?trial=true' : ''}`, { method: 'POST', body });
  } catch (e) {
    if (e instanceof Refused) return { faults: [], notes: [], ...(e.answer as Partial<Outcome>) };
    throw e;
  }
}

export const restore = () => send<Kept>(`${path}/restore`, { method: 'POST' });
export const remove = () => send<void>(path, { method: 'DELETE' });
export const getOddRows = () => send<{ rows: OddRow[]; isLast: boolean }>(`${path}/rows`, {});
