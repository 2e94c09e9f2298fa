import { useState } from 'react';
import { useT } from '../i18n';
import type { useRemote } from './useRemote';

interface FormProps {
  count: number;
  busy: boolean;
  /** what chooses doors beside it; null when it is about one door */
  choice: { onClear: () => void; onShelters: (() => void) | null } | null;
  onSend: (command: 'lock.open' | 'lock.close', reason: string) => void;
}

/** Opens or locks doors from here, with a reason. */
export function RemoteForm({ count, busy, choice, onSend }: FormProps) {
  const t = useT();
  const d = t.locks.doors;
  const [reason, setReason] = useState('');
  const able = count > 0 && reason.trim().length > 0 && !busy;
  return (
    <form className="desk-form" onSubmit={(e) => { e.preventDefault(); if (able) onSend('lock.open', reason.trim()); }}>
      {choice && (
        <>
          <p role="status"><strong>{d.chosen(count)}</strong></p>
          <div className="slip-buttons">
            {choice.onShelters && <button type="button" className="button" onClick={choice.onShelters}>{d.shelters}</button>}
            <button type="button" className="button" disabled={count === 0} onClick={choice.onClear}>{d.clear}</button>
          </div>
        </>
      )}
      <label className="field"><span>{d.reason}</span><input value={reason} maxLength={200} onChange={(e) => setReason(e.currentTarget.value)} /><small className="quiet">{d.reasonHint}</small></label>
      <div className="form-foot">
        <button type="button" className="button" disabled={!able} onClick={() => onSend('lock.close', reason.trim())}>{choice ? d.closeNow(count) : d.closeThis}</button>
        <button type="submit" className="button primary" disabled={!able}>{choice ? d.openNow(count) : d.openThis}</button>
      </div>
    </form>
  );
}

/** What became of each command. */
export function RemoteResults({ remote, nameOf }: { remote: ReturnType<typeof useRemote>; nameOf: (device: string) => string }) {
  const d = useT().locks.doors;
  const opened = remote.sent.filter((s) => s.command === 'lock.open' && s.outcome === 'done').map((s) => s.device);
  if (remote.sent.length === 0) return null;
  return (
    <section className="remote-results" aria-label={d.results} aria-live="polite">
      <h3>{d.results}</h3>
      <ul>{remote.sent.map((s) => <li key={s.device} data-outcome={s.outcome}><span>{nameOf(s.device)}</span> <strong>{d.outcome[s.outcome]}</strong>{s.detail && <small>{s.detail}</small>}</li>)}</ul>
      {opened.length > 0 && !remote.busy && <button type="button" className="button" onClick={() => void remote.send(opened, 'lock.close', d.undo)}>{d.undo}</button>}
    </section>
  );
}
