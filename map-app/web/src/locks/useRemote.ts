import { useEffect, useRef, useState } from 'react';
import { useLang } from '../i18n';
import { getOutcome, sendLock, type Outcome } from './api';

const lookMs = 700;
const patienceMs = 75_000;

export interface Sent {
  device: string;
  command: 'lock.open' | 'lock.close';
  outcome: Outcome | 'sending' | 'unsent';
  detail: string | null;
}

/** Sends one command to several locks and follows each answer. The first asks for the password when that is needed; the others wait for it. */
export function useRemote(person: string) {
  const lang = useLang();
  const [sent, setSent] = useState<Sent[]>([]);
  const [busy, setBusy] = useState(false);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => { alive.current = false; };
  }, []);
  const tell = (device: string, part: Partial<Sent>) => {
    if (alive.current) setSent((all) => all.map((s) => (s.device === device ? { ...s, ...part } : s)));
  };
  const follow = async (device: string, commandId: string) => {
    for (const end = Date.now() + patienceMs; alive.current && Date.now() < end; ) {
      const state = await getOutcome(device, commandId).catch(() => null); // a lost line: asked again
      if (state && state.outcome !== 'sent') return tell(device, { outcome: state.outcome, detail: state.detail ?? null });
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
    tell(device, { outcome: 'expired' });
  };
  const one = async (device: string, command: Sent['command'], reason: string) => {
    const answer = await sendLock(device, command, reason, person);
    tell(device, answer.ok ? { outcome: 'sent' } : { outcome: 'unsent', detail: answer.fault?.[lang] || null });
    if (answer.ok) void follow(device, answer.value.commandId);
    return answer.ok;
  };
  const send = async (devices: string[], command: Sent['command'], reason: string) => {
    setBusy(true);
    setSent(devices.map((device) => ({ device, command, outcome: 'sending', detail: null })));
    const [first, ...rest] = devices;
    if (first !== undefined) await one(first, command, reason);
    await Promise.all(rest.map((device) => one(device, command, reason)));
    if (alive.current) setBusy(false);
  };
  return { sent, busy, send };
}
