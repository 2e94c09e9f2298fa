import type { Dictionary } from '../i18n';
import type { DoorEntry } from './types';

/** Who was it, how, and why: one line of the door log. */
export function whoOf({ locks: { log: w } }: Dictionary, e: DoorEntry): string {
  const by = e.by ? (w.by[e.by] ?? e.by) : '';
  const person = e.by === 'booking' ? `${e.name ?? ''} ${e.bookingId ?? ''}`.trim() : (e.who ?? e.grantId ?? (e.user === undefined ? '' : String(e.user)));
  const reason = e.reason ? (w.reason[e.reason] ?? e.reason) : '';
  return [by, person, reason].filter(Boolean).join(' — ');
}

/** Whether an event of a lock stands in the door log. */
export const isOfDoor = (kind: string) => kind === 'door-opened' || kind === 'door-closed' || (kind.startsWith('lock-') && kind !== 'lock-grants-taken' && kind !== 'lock-grants-refused');
