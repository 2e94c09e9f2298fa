import type { Hint } from '../edge/types';
import { percent } from '../format/numbers';
import { wording, type Dictionary } from '../i18n';
import { bandOf } from './suggest';

export const classWord = (t: Dictionary, hint: Hint) => (hint.class === null ? '' : wording(t.className, hint.class));
export const certainty = (t: Dictionary, hint: Hint) => t.hint.certainty(t.hint.band[bandOf(hint.score)], percent(hint.score));
