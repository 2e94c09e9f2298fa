import { BatteryLow, BatteryMedium, CircleHelp, DoorOpen, Lock, LockOpen, ShieldAlert, TriangleAlert, WifiOff } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../access/may';
import { number } from '../format/numbers';
import { ago, dateTime } from '../format/time';
import { useT } from '../i18n';
import { Empty } from '../panels/States';
import type { View } from '../state/store';
import { useNow } from '../useNow';
import { doorsNow, type DoorNow, type DoorState } from './doors';
import type { Facility } from './types';
import { useRemote } from './useRemote';

const lowPercent = 20;
const icons: Record<DoorState, typeof Lock> = { 'left-open': TriangleAlert, open: DoorOpen, unlocked: LockOpen, locked: Lock, unknown: CircleHelp };

/** Every door with a lock: how it stands, and to open it from here with a reason. */
export function DoorsTab({ facilities, view, person }: { facilities: Facility[]; view: View; person: string }) {
  const t = useT();
  const d = t.locks.doors;
  const now = useNow();
  const mayOpen = useMay('locks.open');
  const doors = doorsNow(facilities, view.events.values(), (id) => view.devices.get(id), now.getTime());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const remote = useRemote(person);
  if (doors.length === 0) return <Empty title={d.none} />;
  const nameOf = (device: string) => doors.filter((x) => x.door.device === device).map((x) => `${x.facility.name} ${x.door.name}`)[0] ?? device;
  const toggle = (device: string) => setChosen((c) => {
    const next = new Set(c);
    if (!next.delete(device)) next.add(device);
    return next;
  });
  const shelters = doors.filter((x) => x.facility.isShelter).map((x) => x.door.device);
  const opened = remote.sent.filter((s) => s.command === 'lock.open' && s.outcome === 'done').map((s) => s.device);
  return (
    <div className="doors">
      <div className="doors-list scroll">
        {facilities.filter((f) => doors.some((x) => x.facility === f)).map((f) => (
          <section key={f.facilityId} className="doors-facility" aria-label={f.name}>
            <h3>{f.name} {f.isShelter && <span className="shelter-mark">{t.locks.shelter}</span>}</h3>
            <ul>
              {doors.filter((x) => x.facility === f).map((x) => (
                <li key={x.door.device}><DoorRow door={x} now={now} chosen={chosen.has(x.door.device)} onToggle={mayOpen ? () => toggle(x.door.device) : null} /></li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {mayOpen && (
        <aside className="booking-side" aria-label={d.remote}>
          <header><h2>{d.remote}</h2></header>
          <RemoteForm count={chosen.size} busy={remote.busy} onClear={() => setChosen(new Set())} onShelters={shelters.length > 0 ? () => setChosen(new Set(shelters)) : null}
            onSend={(command, reason) => void remote.send([...chosen], command, reason)} />
          {remote.sent.length > 0 && (
            <section className="remote-results" aria-label={d.results} aria-live="polite">
              <h3>{d.results}</h3>
              <ul>{remote.sent.map((s) => <li key={s.device} data-outcome={s.outcome}><span>{nameOf(s.device)}</span> <strong>{d.outcome[s.outcome]}</strong>{s.detail && <small>{s.detail}</small>}</li>)}</ul>
              {opened.length > 0 && !remote.busy && <button type="button" className="button" onClick={() => void remote.send(opened, 'lock.close', d.undo)}>{d.undo}</button>}
            </section>
          )}
        </aside>
      )}
    </div>
  );
}

function DoorRow({ door: x, now, chosen, onToggle }: { door: DoorNow; now: Date; chosen: boolean; onToggle: (() => void) | null }) {
  const t = useT();
  const d = t.locks.doors;
  const Icon = icons[x.state];
  const low = x.batteryPercent !== null && x.batteryPercent <= lowPercent;
  return (
    <label className="door-row" data-state={x.state} data-chosen={chosen}>
      {onToggle && <input type="checkbox" checked={chosen} onChange={onToggle} aria-label={d.select(`${x.facility.name} ${x.door.name}`)} />}
      <span className="door-mark" data-state={x.state}><Icon aria-hidden size={22} /></span>
      <span className="door-name"><strong>{x.door.name}</strong><small>{x.door.device}</small></span>
      <span className="door-state"><strong>{d.state[x.state]}</strong>{x.since && <small title={dateTime(t, x.since)}>{ago(t, x.since, now)}</small>}</span>
      <span className="door-flags">
        {x.tamper && <span className="door-flag" data-bad><ShieldAlert aria-hidden size={18} /> {d.tamper}</span>}
        {x.lost && <span className="door-flag"><WifiOff aria-hidden size={18} /> {d.lost}</span>}
        {x.batteryPercent !== null && <span className="door-flag" data-bad={low || undefined}>{low ? <BatteryLow aria-hidden size={18} /> : <BatteryMedium aria-hidden size={18} />} {d.battery} {number(x.batteryPercent)}%</span>}
        <span className="door-flag quiet">{d.seen} {x.lastSeenAt ? ago(t, x.lastSeenAt, now) : d.never}</span>
      </span>
    </label>
  );
}

interface FormProps {
  count: number;
  busy: boolean;
  onClear: () => void;
  onShelters: (() => void) | null;
  onSend: (command: 'lock.open' | 'lock.close', reason: string) => void;
}

function RemoteForm({ count, busy, onClear, onShelters, onSend }: FormProps) {
  const t = useT();
  const d = t.locks.doors;
  const [reason, setReason] = useState('');
  const able = count > 0 && reason.trim().length > 0 && !busy;
  return (
    <form className="booking-form" onSubmit={(e) => { e.preventDefault(); if (able) onSend('lock.open', reason.trim()); }}>
      <p role="status"><strong>{d.chosen(count)}</strong></p>
      <div className="slip-buttons">
        {onShelters && <button type="button" className="button" onClick={onShelters}>{d.shelters}</button>}
        <button type="button" className="button" disabled={count === 0} onClick={onClear}>{d.clear}</button>
      </div>
      <label className="field"><span>{d.reason}</span><input value={reason} maxLength={200} onChange={(e) => setReason(e.currentTarget.value)} /><small className="quiet">{d.reasonHint}</small></label>
      <div className="form-foot">
        <button type="button" className="button" disabled={!able} onClick={() => onSend('lock.close', reason.trim())}>{d.closeNow(count)}</button>
        <button type="submit" className="button primary" disabled={!able}>{d.openNow(count)}</button>
      </div>
    </form>
  );
}
