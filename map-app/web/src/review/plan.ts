import type { FindingProperties } from '../api/types';
import type { Ring } from '../mask/geometry';
import { draftRange, scaleOf, type Scale } from './degree';

/** What a person has prepared for a finding and not yet decided. */
export interface Plan {
  degree?: string;
  class?: string;
  assetId?: string;
  elementId?: string;
  pixelRings?: Ring[];
  note: string;
}

export const noPlan: Plan = { note: '' };

export type Action = 'confirm' | 'correct' | 'reject' | 'undo';

/** The body of POST /api/v1/findings/{findingId}/decision, without who and revision. */
export interface Decision extends Plan {
  action: Action;
}

/** What was decided, to be looked at once more. */
export function planOf(decision: Decision): Plan {
  const plan: Partial<Decision> = { ...decision };
  delete plan.action;
  return { ...plan, note: decision.note };
}

/** The table that applies once the plan is followed. */
export function scaleWith(p: FindingProperties, plan: Plan): Scale | null {
  const [className, assetId] = [plan.class ?? p.class, plan.assetId ?? p.assetId ?? null];
  return className === p.class && assetId === (p.assetId ?? null) ? (p.rankScale ?? null) : scaleOf(className, assetId);
}

/** The letter that a confirmation would record: the planned one, the decided one, else a draft that is not open. */
export function letterWith(p: FindingProperties, plan: Plan): string | null {
  const scale = scaleWith(p, plan);
  if (scale === null) return null;
  if (plan.degree) return plan.degree;
  if ((plan.class && plan.class !== p.class) || scale !== (p.rankScale ?? null)) return null;
  const range = draftRange(p);
  return p.degree ?? (range && range[0] === range[1] ? range[0] : null);
}

/** Whether a degree has to be chosen before the finding can be confirmed. */
export const needsDegree = (p: FindingProperties, plan: Plan) => scaleWith(p, plan) !== null && letterWith(p, plan) === null;

/** Whether the plan says something else than the finding does, beyond a degree that its draft allows. */
export function isCorrection(p: FindingProperties, plan: Plan): boolean {
  const { class: c, assetId, elementId, pixelRings, degree } = plan;
  if ((c && c !== p.class) || (assetId && assetId !== p.assetId) || (elementId && elementId !== p.elementId) || pixelRings) return true;
  if (!degree) return false;
  const range = draftRange(p);
  return range !== null && (degree < range[0] || degree > range[1]);
}

/** The decision that C makes of a plan. */
export function accept(p: FindingProperties, plan: Plan): Decision {
  const letter = letterWith(p, plan);
  const degree = letter === null ? {} : { degree: letter };
  if (!isCorrection(p, plan)) return { action: 'confirm', note: plan.note, ...degree };
  return {
    action: 'correct',
    note: plan.note,
    ...degree,
    ...(plan.class && plan.class !== p.class ? { class: plan.class } : {}),
    ...(plan.assetId && plan.assetId !== p.assetId ? { assetId: plan.assetId } : {}),
    ...(plan.elementId && plan.elementId !== p.elementId ? { elementId: plan.elementId } : {}),
    ...(plan.pixelRings ? { pixelRings: plan.pixelRings } : {}),
  };
}

/** A quick reason and what was typed, as one note. */
export const joinNote = (reason: string, typed: string) => [reason, typed.trim()].filter(Boolean).join(': ');
