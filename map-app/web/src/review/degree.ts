import type { FindingProperties } from '../api/types';

export type Scale = 'bridge' | 'levee';

const scales: Record<string, Scale | null> = {
  crack: 'bridge', spalling: 'bridge', rebar: 'bridge', efflorescence: 'bridge', corrosion: 'bridge',
  'levee-crack': 'levee', slump: 'levee', erosion: 'levee', subsidence: 'levee', seepage: 'levee',
  'road-crack': null, pothole: null,
};

/** Every class that a person may give a finding, in the order of the forms. */
export const classes = Object.keys(scales);

/** The table that grades a class on an asset: what a bridge has is ranked as of a levee on its revetment; null: none does (roads). */
export function scaleOf(className: string, assetId: string | null = null): Scale | null {
  const scale = scales[className] ?? null;
  const kind = assetId?.split(':')[0];
  if (scale !== 'bridge') return scale;
  return kind === 'levee' ? 'levee' : kind === 'road' ? null : 'bridge';
}

export const lettersOf = (scale: Scale): string[] => (scale === 'levee' ? ['a', 'b', 'c', 'd'] : ['a', 'b', 'c', 'd', 'e']);

type Graded = Pick<FindingProperties, 'status' | 'degree' | 'degreeLeast' | 'degreeMost'>;

/** The letters the table allows, mildest first; null while there is no draft. */
export function draftRange(p: Graded): [least: string, most: string] | null {
  return p.degreeLeast && p.degreeMost ? [p.degreeLeast, p.degreeMost] : null;
}

/** The draft as officers write it: `c`, `b-d`; null without one. */
export function draftText(p: Graded): string | null {
  const range = draftRange(p);
  return range && (range[0] === range[1] ? range[0] : `${range[0]}-${range[1]}`);
}

/** What a badge says: `c` decided, `b-d?` a draft, empty where nothing grades. */
export function degreeLabel(p: Graded): string {
  if (p.status === 'rejected') return '';
  if (p.degree) return p.degree;
  const text = p.status === 'draft' ? draftText(p) : null;
  return text ? `${text}?` : '';
}

export const isDecided = (p: { status: string }) => p.status === 'confirmed' || p.status === 'corrected' || p.status === 'rejected';

/** How bad, for the order and the filter: the decided letter, else the worst that the draft allows. */
export const worstLetter = (p: Graded): string | null => p.degree ?? p.degreeMost ?? null;
