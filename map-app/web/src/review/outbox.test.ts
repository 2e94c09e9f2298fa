import { describe, expect, it } from 'vitest';
import { mockData } from '../../dev/mockData';
import type { Outcome, SentDecision } from '../api/decisions';
import type { FindingFeature } from '../api/types';
import { Outbox } from './outbox';

const [first, second] = mockData(2).findings as [FindingFeature, FindingFeature];
const id = (f: FindingFeature) => f.properties.findingId;
const as = (f: FindingFeature, more: Partial<FindingFeature['properties']>): FindingFeature => ({ ...f, properties: { ...f.properties, ...more } });
const confirm = { action: 'confirm', note: '', degree: 'd' } as const;

/** A server whose answers the test gives by hand, and a clock it turns by hand. */
function rig(kept: string | null = null) {
  const sent: { findingId: string; decision: SentDecision; answer: (a: Outcome) => Promise<void> }[] = [];
  const timers: { run: () => void; ms: number }[] = [];
  const seen: FindingFeature[] = [];
  const store = { text: kept };
  const outbox = new Outbox({
    send: (findingId, decision) =>
      new Promise((resolve) =>
        sent.push({
          findingId, decision,
          answer: async (a) => {
            resolve(a);
            await new Promise((next) => setImmediate(next));
          },
        }),
      ),
    onFinding: (f) => seen.push(f),
    later: (run, ms) => {
      const timer = { run, ms };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    keep: { read: () => store.text, write: (text) => (store.text = text) },
  });
  return { outbox, sent, timers, seen, store };
}

describe('outbox', () => {
  it('sends one at a time in the order of the decisions', async () => {
    const { outbox, sent, seen } = rig();
    outbox.add(id(first), confirm, '山田', 5);
    outbox.add(id(second), confirm, '山田', 6);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.decision).toEqual({ ...confirm, who: '山田', revision: 5 });
    await sent[0]!.answer({ kind: 'done', finding: as(first, { status: 'confirmed', revision: 9 }) });
    expect([sent.length, sent[1]!.findingId, seen.length, outbox.list().length]).toEqual([2, id(second), 1, 1]);
  });

  it('keeps what did not get through and tries again, ever more seldom', async () => {
    const { outbox, sent, timers } = rig();
    outbox.add(id(first), confirm, '山田', 5);
    for (const ms of [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      await sent.at(-1)!.answer({ kind: 'failed' });
      expect([outbox.list()[0]!.state, timers.at(-1)!.ms]).toEqual(['waiting', ms]);
      timers.at(-1)!.run();
    }
    expect(sent).toHaveLength(7);
    await sent.at(-1)!.answer({ kind: 'done', finding: first });
    expect(outbox.list()).toEqual([]);
  });

  it('survives a reload, also in the middle of sending', () => {
    const before = rig();
    before.outbox.add(id(first), confirm, '山田', 5);
    const { outbox, sent } = rig(before.store.text);
    expect(outbox.list()).toMatchObject([{ findingId: id(first), state: 'waiting', decision: confirm }]);
    outbox.retryNow();
    expect(sent).toHaveLength(1);
    expect(rig('{broken').outbox.list()).toEqual([]);
  });

  it('shows what another person decided first and keeps ours until the person chooses', async () => {
    const { outbox, sent } = rig();
    outbox.add(id(first), { ...confirm, note: '目視済み' }, '山田', 5);
    const theirs = as(first, { status: 'rejected', decidedBy: '佐藤', revision: 8 });
    await sent[0]!.answer({ kind: 'conflict', finding: theirs });
    expect(outbox.list()).toMatchObject([{ state: 'conflict', other: theirs, decision: { note: '目視済み' } }]);
    outbox.insist(outbox.list()[0]!.key);
    expect(sent[1]!.decision).toMatchObject({ note: '目視済み', revision: 8 });
  });

  it('knows its own decision again when only the answer was lost', async () => {
    const { outbox, sent } = rig();
    outbox.add(id(first), confirm, '山田', 5);
    await sent[0]!.answer({ kind: 'conflict', finding: as(first, { status: 'confirmed', degree: 'd', decidedBy: '山田', revision: 8 }) });
    expect(outbox.list()).toEqual([]);
  });

  it('undoes with the revision that the decision led to, and has nothing to undo when it was refused', async () => {
    const { outbox, sent } = rig();
    outbox.add(id(first), confirm, '山田', 5);
    outbox.add(id(first), { action: 'undo', note: '' }, '山田', 5);
    await sent[0]!.answer({ kind: 'done', finding: as(first, { status: 'confirmed', revision: 9 }) });
    expect(sent[1]!.decision).toMatchObject({ action: 'undo', revision: 9 });
    await sent[1]!.answer({ kind: 'done', finding: as(first, { revision: 10 }) });

    outbox.add(id(second), confirm, '山田', 5);
    outbox.add(id(second), { action: 'undo', note: '' }, '山田', 5);
    await sent[2]!.answer({ kind: 'refused', status: 400, error: 'who: too long' });
    expect(outbox.list()).toMatchObject([{ state: 'refused', error: 'who: too long' }]);
    expect(sent).toHaveLength(3);
  });

  it('lets go of a decision that has not left, not of one on the line', async () => {
    const { outbox, sent } = rig();
    const one = outbox.add(id(first), confirm, '山田', 5);
    const two = outbox.add(id(second), confirm, '山田', 5);
    expect([outbox.drop(one), outbox.drop(two)]).toEqual([false, true]);
    await sent[0]!.answer({ kind: 'done', finding: first });
    expect([sent.length, outbox.drop(one)]).toEqual([1, false]);
  });
});
