import { put, read } from '../edge/database';
import type { Hint, Item, Owner, Place, Severity } from '../edge/types';

export interface DraftPhoto {
  photoId: string;
  name: string;
  sizeBytes: number;
  capturedAt: string | null;
}

/** A report while it is being made. It is kept with every change, so that a killed tab takes nothing with it. */
export interface Draft {
  owner: Owner;
  /** the report's own id from its first letter on */
  key: string;
  /** null: where the tablet is when it is sent */
  place: Place | null;
  category: string | null;
  severity: Severity | null;
  note: string;
  photos: DraftPhoto[];
  missing: string[];
  asset: { assetId: string; name: string } | null;
  form: { id: string; answers: Record<string, string> } | null;
  amends: string | null;
  bases: string[];
  /** absent in drafts of before there were any */
  hints?: Hint[];
}

export const newDraft = (owner: Owner): Draft => ({
  owner, key: crypto.randomUUID(), place: null, category: null, severity: null, note: '', photos: [], missing: [], asset: null, form: null, amends: null, bases: [],
});

/** True when there is nothing in it that anybody would miss. */
export const isBlank = (d: Draft) => d.photos.length === 0 && d.category === null && d.note.trim() === '' && d.form === null && d.missing.length === 0;

/** The draft that was left; none when its report was made already. */
export async function readDraft(owner: Owner): Promise<Draft | undefined> {
  const draft = await read<Draft>('drafts', owner);
  return draft && (await read<Item>('items', draft.key)) ? undefined : draft;
}

export const keepDraft = (draft: Draft) => put('drafts', draft);
