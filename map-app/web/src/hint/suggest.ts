import type { Hint, Severity } from '../edge/types';
import type { Look } from './types';

/**
 * What a person may take over for a kind of damage. The urgency is what such damage usually has, not what the model saw: a probability says nothing
 * of how bad it is. Of classes of a city's own models nothing is proposed.
 */
const proposals: Record<string, [category: string, severity: Severity]> = {
  crack: ['road', 'info'],
  'road-crack': ['road', 'info'],
  pothole: ['road', 'warning'],
  spalling: ['road', 'warning'],
  rebar: ['road', 'warning'],
  corrosion: ['road', 'info'],
  efflorescence: ['road', 'info'],
  'levee-crack': ['levee', 'warning'],
  slump: ['levee', 'warning'],
  erosion: ['levee', 'warning'],
  subsidence: ['levee', 'warning'],
  seepage: ['levee', 'warning'],
};

/** Of a score; the words for it are the dictionary's. */
export const bandOf = (score: number): 'high' | 'middle' | 'low' => (score >= 0.8 ? 'high' : score >= 0.6 ? 'middle' : 'low');

export function hintOf(photoId: string, { model, class: name, score, found, places }: Look): Hint {
  const proposal = name !== null && Object.hasOwn(proposals, name) ? proposals[name] : undefined;
  return {
    photoId, model, class: name, score: Math.round(score * 1000) / 1000, found, taken: false,
    places: places.map((box) => box.map((share) => Math.round(share * 10_000) / 10_000)),
    suggested: proposal ? { category: proposal[0], severity: proposal[1] } : null,
  };
}
