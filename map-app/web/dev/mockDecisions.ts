import type { FindingFeature, PastDecision } from '../src/api/types';
import type { SentDecision } from '../src/api/decisions';
import type { MockData } from './mockData.ts';

const histories = new WeakMap<MockData, Map<string, PastDecision[]>>();

export function historyOf(data: MockData, findingId: string): PastDecision[] {
  const all = histories.get(data) ?? new Map<string, PastDecision[]>();
  histories.set(data, all);
  const own = all.get(findingId) ?? [];
  all.set(findingId, own);
  return own;
}

const statuses = { confirm: 'confirmed', correct: 'corrected', reject: 'rejected' } as const;

/** Just enough of POST /api/v1/findings/{findingId}/decision: status code and body. */
export function decide(data: MockData, findingId: string, sent: SentDecision, othersFirst: boolean): [number, unknown] {
  const at = data.findings.findIndex((f) => f.properties.findingId === findingId);
  const finding = data.findings[at];
  if (!finding) return [404, { error: 'no such finding' }];
  if (othersFirst) apply(data, at, { action: 'confirm', who: '佐藤 花子', note: '現地で確認済み', degree: 'd', revision: finding.properties.revision });
  else if (sent.revision === finding.properties.revision && !sent.who) return [400, { error: 'who is missing' }];
  if (sent.revision !== data.findings[at]!.properties.revision) return [409, { error: 'changed meanwhile', finding: data.findings[at] }];
  apply(data, at, sent);
  return [200, withRings(data, data.findings[at]!)];
}

const withRings = (data: MockData, f: FindingFeature): FindingFeature => ({ ...f, properties: { ...f.properties, pixelRings: data.rings.get(f.properties.findingId) ?? [] } });

function apply(data: MockData, at: number, sent: SentDecision): void {
  const before = data.findings[at]!;
  const p = before.properties;
  const history = historyOf(data, p.findingId);
  const after =
    sent.action === 'undo'
      ? { ...(history.at(-1)?.before ?? { status: 'draft', degree: null }) }
      : { status: statuses[sent.action], degree: sent.action === 'reject' ? null : (sent.degree ?? p.degreeMost ?? null), ...(sent.class ? { class: sent.class } : {}), ...(sent.elementId ? { elementId: sent.elementId } : {}) };
  if (sent.pixelRings) data.rings.set(p.findingId, sent.pixelRings);
  history.push({ n: history.length + 1, action: sent.action, who: sent.who, at: new Date().toISOString(), note: sent.note, before: { status: p.status, degree: p.degree ?? null, class: p.class }, after });
  const decided = sent.action === 'undo' ? { decidedBy: null, decidedAt: null, decisionNote: null } : { decidedBy: sent.who, decidedAt: new Date().toISOString(), decisionNote: sent.note };
  data.findings[at] = { ...before, properties: { ...p, ...after, ...decided, decisionCount: history.length, revision: ++data.revision } };
}
