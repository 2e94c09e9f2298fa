import { formOf, send, type Answer } from '../api/answer';
import { getJson } from '../api/client';
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
export async function bring({ points, register, crs, encoding, registerEncoding, title, sourceDate, synthetic }: Files, trial: boolean): Promise<Answer<Outcome>> {
  const body = formOf({ points, register, crs, encoding, registerEncoding, title, sourceDate, synthetic: synthetic ? 'true' : null });
  const answer = await send<Outcome>('POST', `${path}${trial ? '?trial=true' : ''}`, body);
  const refused = answer.ok ? null : (answer.fault?.body as Outcome | null | undefined);
  return refused?.faults ? { ok: true, value: refused } : answer;
}

export const restore = () => send<Kept>('POST', `${path}/restore`);
export const remove = () => send<null>('DELETE', path);
export const getOddRows = () => send<{ rows: OddRow[]; isLast: boolean }>('GET', `${path}/rows`);
