import { fetchProven } from '../access/proof';
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

async function answer<T>(path: string, init?: RequestInit): Promise<T | null> {
  try {
    const response = await fetchProven(path, init);
    return response.status === 204 ? ({} as T) : ((await response.json()) as T);
  } catch {
    return null;
  }
}

export const getKept = () => answer<{ register: Kept | null; error?: string }>('/api/v1/residents', { headers: { accept: 'application/json' } });

/** With `trial` the server reads and keeps nothing. Null: no answer. */
export function bring(files: Files, trial: boolean): Promise<Outcome | null> {
  const body = new FormData();
  body.append('points', files.points);
  if (files.register) body.append('register', files.register);
  for (const name of ['crs', 'encoding', 'registerEncoding', 'title', 'sourceDate'] as const) if (files[name]) body.append(name, files[name]);
  if (files.synthetic) body.append('synthetic', 'true');
  return answer<Outcome>(`/api/v1/residents${trial ? '?trial=true' : ''}`, { method: 'POST', body });
}

export const restore = () => answer<Kept & { error?: string }>('/api/v1/residents/restore', { method: 'POST' });
export const remove = () => answer<{ error?: string }>('/api/v1/residents', { method: 'DELETE' });
export const getOddRows = () => answer<{ rows: OddRow[]; isLast: boolean; error?: string }>('/api/v1/residents/rows');
