import { useEffect, useMemo, useState, useSyncExternalStore, type Dispatch } from 'react';
import { postDecision } from '../api/decisions';
import type { FindingFeature } from '../api/types';
import type { FieldStore, View } from '../state/store';
import type { UiAction, UiState } from '../state/ui';
import { isDecided } from './degree';
import { Outbox, type Outgoing } from './outbox';
import { accept, needsDegree, noPlan, planOf, type Decision, type Plan } from './plan';
import { after, allDrafts, inQueue, neighbour, rank, type QueueFilter } from './queue';

/** What the toast says: a new key each time. */
export interface Said {
  key: number;
  text: 'nothing' | Decision['action'];
  finding: FindingFeature | null;
  letter: string | null;
}

export interface Review {
  queue: FindingFeature[];
  /** how many findings wait for a decision, whatever the filter */
  drafts: number;
  current: FindingFeature | null;
  /** place of the current finding in the queue; -1: the filter leaves it out */
  at: number;
  filter: QueueFilter;
  setFilter: (filter: Partial<QueueFilter>) => void;
  outbox: Outbox;
  outgoing: readonly Outgoing[];
  plan: Plan;
  setPlan: (plan: Plan) => void;
  open: (findingId: string) => void;
  go: (by: 1 | -1) => void;
  /** Confirms or corrects, as the plan has it; nothing while a degree is missing. */
  accept: () => void;
  reject: (note: string) => void;
  /** Takes back the last decision made here. */
  undo: () => void;
  /** Takes back the latest decision of the current finding, whoever made it. */
  undoCurrent: () => void;
  /** Puts what was refused back in front of the person. */
  reopen: (entry: Outgoing) => void;
  decided: number;
  said: Said | null;
}

interface Done {
  key: number;
  findingId: string;
  plan: Plan;
}

/** Sending goes on whether the review screen is open or not. */
function useOutbox(store: FieldStore) {
  const [outbox] = useState(
    () =>
      new Outbox({
        send: postDecision,
        onFinding: (feature) => store.applyOwn({ kind: 'findings', feature }),
        later: (run, ms) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
        keep: storage,
      }),
  );
  const outgoing = useSyncExternalStore(outbox.subscribe, outbox.list);
  const unsent = outgoing.length > 0;
  useEffect(() => {
    outbox.retryNow();
    const online = () => outbox.retryNow();
    window.addEventListener('online', online);
    return () => window.removeEventListener('online', online);
  }, [outbox]);
  useEffect(() => {
    if (!unsent) return;
    const warn = (e: BeforeUnloadEvent) => e.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [unsent]);
  return { outbox, outgoing };
}

const storageKey = 'field.decisions';
const storage = {
  read: () => attempt(() => sessionStorage.getItem(storageKey)),
  write: (text: string) => void attempt(() => sessionStorage.setItem(storageKey, text)),
};

/** Storage may be forbidden or full; then the page's memory has to do. */
function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}

export function useReview(store: FieldStore, view: View, ui: UiState, act: Dispatch<UiAction>): Review {
  const { outbox, outgoing } = useOutbox(store);
  const [filter, setFilter] = useState<QueueFilter>(allDrafts);
  const [plans, setPlans] = useState<ReadonlyMap<string, Plan>>(new Map());
  const [done, setDone] = useState<readonly Done[]>([]);
  const [said, setSaid] = useState<Said | null>(null);

  const away = useMemo(() => new Set(outgoing.filter((e) => e.state === 'waiting' || e.state === 'sending').filter((e) => e.decision.action !== 'undo').map((e) => e.findingId)), [outgoing]);
  const { queue, drafts } = useMemo(() => {
    const here = view.findings.values().filter((f) => !(f.properties.status === 'draft' && away.has(f.properties.findingId)));
    return { queue: ui.review ? rank(here.filter(inQueue(filter))) : [], drafts: here.filter((f) => f.properties.status === 'draft').length };
  }, [view, away, filter, ui.review]);

  const chosen = ui.selection?.kind === 'finding' ? ui.selection.id : null;
  const first = queue[0]?.properties.findingId ?? null;
  useEffect(() => {
    if (ui.review && chosen === null && first !== null) act({ do: 'select', selection: { kind: 'finding', id: first } });
  }, [ui.review, chosen, first, act]);

  const current = chosen === null ? null : (view.findings.get(chosen) ?? null);
  const plan = (chosen !== null && plans.get(chosen)) || noPlan;
  const setPlanOf = (id: string, next: Plan | null) => setPlans((all) => (next ? new Map(all).set(id, next) : new Map([...all].filter(([key]) => key !== id))));
  const open = (id: string | null) => act({ do: 'select', selection: id === null ? null : { kind: 'finding', id } });
  const say = (text: Said['text'], finding: FindingFeature | null, letter: string | null = null) => setSaid((s) => ({ key: (s?.key ?? 0) + 1, text, finding, letter }));

  const decide = (decision: Decision) => {
    if (!current) return;
    if (!ui.person) return act({ do: 'askPerson', open: true });
    const { findingId, revision } = current.properties;
    const key = outbox.add(findingId, decision, ui.person, revision);
    setDone((all) => [...all, { key, findingId, plan }]);
    setPlanOf(findingId, null);
    say(decision.action, current, decision.degree ?? null);
    const next = after(queue, findingId);
    if (next !== null || filter.status === 'draft') open(next);
  };

  const undo = () => {
    const last = done.at(-1);
    if (!last) return say('nothing', null);
    setDone(done.slice(0, -1));
    setPlanOf(last.findingId, last.plan);
    const finding = view.findings.get(last.findingId) ?? null;
    if (!outbox.drop(last.key)) outbox.add(last.findingId, { action: 'undo', note: '' }, ui.person, finding?.properties.revision ?? 0);
    say('undo', finding);
    open(last.findingId);
  };

  return {
    queue, drafts, current, filter, outbox, outgoing, plan, open, undo, said,
    at: queue.findIndex((f) => f.properties.findingId === chosen),
    decided: done.length,
    setFilter: (change) => setFilter((f) => ({ ...f, ...change })),
    setPlan: (next) => chosen !== null && setPlanOf(chosen, next),
    go: (by) => open(neighbour(queue, chosen, by)),
    accept: () => current && !needsDegree(current.properties, plan) && decide(accept(current.properties, plan)),
    reject: (note) => decide({ action: 'reject', note }),
    undoCurrent: () => {
      if (!current || !isDecided(current.properties)) return;
      if (!ui.person) return act({ do: 'askPerson', open: true });
      outbox.add(current.properties.findingId, { action: 'undo', note: '' }, ui.person, current.properties.revision);
      setDone((all) => all.filter((d) => d.findingId !== current.properties.findingId));
      say('undo', current);
    },
    reopen: ({ key, findingId, decision }) => {
      outbox.drop(key);
      setPlanOf(findingId, planOf(decision));
      open(findingId);
    },
  };
}
