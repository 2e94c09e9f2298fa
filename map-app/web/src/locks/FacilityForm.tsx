import { MapPin, Plus, Trash2, Undo2, X } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import type { Answer } from '../api/answer';
import { useAsked } from '../api/useAsked';
import { useT } from '../i18n';
import { ChangeList } from '../panels/ChangeList';
import { Choice } from '../panels/Choice';
import { readUrl } from '../state/url';
import { getFacilityHistory, putFacility, removeFacility, undoFacility } from './api';
import { changesOf } from './facilityHistory';
import { bodyOf, facilityKinds, newFacility, newKey, valuesOf, wrongOf, type DoorRow, type FacilityValues, type RoomRow, type Wrong } from './facilityForm';
import type { Facility } from './types';

interface Props {
  /** null: a new one */
  facility: Facility | null;
  others: Facility[];
  /** device ids of locks that are known, to choose from */
  locks: string[];
  person: string;
  onChanged: (facility: Facility) => void;
  /** somebody else changed it: the newest is wanted */
  onRenew: () => void;
  onClose: () => void;
}

/** One facility with its rooms and doors. Each change is kept on the server, and the last one can be undone, a removal too. */
export function FacilityForm({ facility, others, locks, person, onChanged, onRenew, onClose }: Props) {
  const t = useT();
  const f = t.locks.facilities;
  const [newId] = useState(() => newKey('f'));
  const [row, setRow] = useState(facility);
  const [values, setValues] = useState(() => (facility ? valuesOf(facility) : newFacility()));
  const [done, setDone] = useState<{ text: string; canUndo: boolean } | null>(null);
  const [tried, setTried] = useState(false);
  const [asks, setAsks] = useState(false);
  const asked = useAsked();
  const { busy, said } = asked;
  const isNew = row === null;
  const isRemoved = row?.removedAt !== undefined;
  const wrong = tried ? wrongOf(values, others) : [];
  const set = (part: Partial<FacilityValues>) => setValues((v) => ({ ...v, ...part }));

  const run = (ask: () => Promise<Answer<Facility>>, text: string, canUndo: boolean) => {
    setAsks(false);
    void asked.run(ask, (now) => {
      setRow(now);
      setValues(valuesOf(now));
      setTried(false);
      setDone({ text, canUndo });
      onChanged(now);
    });
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (busy || isRemoved) return;
    setTried(true);
    if (wrongOf(values, others).length === 0) run(() => putFacility(row?.facilityId ?? newId, bodyOf(values), row?.revision ?? 0, person), f.saved, true);
  };
  const remove = () => row && run(() => removeFacility(row.facilityId, row.revision, person), f.removed, false);
  const undo = () => row && run(() => undoFacility(row.facilityId, row.revision, person), f.undone, false);
  const takeNewest = () => {
    onRenew();
    onClose();
  };
  const here = readUrl(window.location.search);
  const number = (name: 'lon' | 'lat' | 'minutesBefore' | 'minutesAfter', label: string) => (
    <label className="field"><span>{label}</span><input inputMode="decimal" value={values[name]} aria-invalid={wrong.some((w) => w.field === (name === 'lon' || name === 'lat' ? 'place' : 'minutes'))} onChange={(e) => set({ [name]: e.currentTarget.value })} /></label>
  );
  return (
    <aside className="desk-side facility-side" aria-label={isNew ? f.add : f.change}>
      <header>
        <h2>{isNew ? f.add : f.change}</h2>
        <button type="button" className="tool icon" aria-label={t.locks.form.back} onClick={onClose}><X aria-hidden /></button>
      </header>
      <form className="desk-form" onSubmit={submit} noValidate>
        {isRemoved && <p className="note">{f.isRemoved}</p>}
        <fieldset className="facility-fields" disabled={isRemoved}>
        <label className="field"><span>{f.name}</span><input value={values.name} maxLength={60} aria-invalid={wrong.some((w) => w.field === 'name')} onChange={(e) => set({ name: e.currentTarget.value })} /></label>
        <Choice label={f.kindLabel} value={values.kind} options={facilityKinds.map((k): [string, string] => [k, f.kind[k] ?? k])} onChange={(kind) => set({ kind })} />
        <label className="check"><input type="checkbox" checked={values.isShelter} onChange={(e) => set({ isShelter: e.currentTarget.checked })} /> {f.isShelter}</label>
        <div className="booking-times">{number('lat', f.lat)}{number('lon', f.lon)}</div>
        {here.lon !== null && here.lat !== null && <button type="button" className="button" onClick={() => set({ lon: here.lon!.toFixed(6), lat: here.lat!.toFixed(6) })}><MapPin aria-hidden size={18} /> {f.fromMap}</button>}
        <Rooms rooms={values.rooms} wrong={wrong} onChange={(rooms) => set({ rooms })} />
        <Doors doors={values.doors} rooms={values.rooms} locks={locks} wrong={wrong} onChange={(doors) => set({ doors })} />
        <div className="booking-times">{number('minutesBefore', f.before)}{number('minutesAfter', f.after)}</div>
        </fieldset>
        {row && (
          <ChangeList title={f.history.title} of={`${row.facilityId}/${row.revision}`} load={(signal) => getFacilityHistory(row.facilityId, signal)}
            head={(changes) => (changes.length === 0 ? <p className="note">{f.history.none}</p> : !isRemoved && <button type="button" className="button" disabled={busy} onClick={undo}><Undo2 aria-hidden size={18} /> {f.undoLast}</button>)}>
            {(c, before) => changesOf(t, c, before).map((line, at) => <span key={line} className={at === 0 ? 'history-head' : undefined}>{line}</span>)}
          </ChangeList>
        )}
        <div className="facility-foot">
          <div role="status" className="facility-done">{done && <><strong>{done.text}</strong> {done.canUndo && <button type="button" className="text-button" disabled={busy} onClick={undo}>{f.undo}</button>}</>}</div>
          {(said || wrong.length > 0) && (
            <div role="alert" className="facility-wrong bad">
              {said && <p>{said.text} {said.fault?.code === 'changed' && <button type="button" className="text-button" onClick={takeNewest}>{f.newest}</button>}</p>}
              {wrong.length > 0 && <ul>{wrong.map((w) => <li key={`${w.field} ${w.at ?? ''}`}>{sayWrong(f.wrong, w)}</li>)}</ul>}
            </div>
          )}
          {asks && (
            <div className="desk-ask" role="alertdialog" aria-label={f.remove}>
              <p>{f.sure(values.name)}</p>
              <div className="form-foot">
                <button type="button" className="button" autoFocus onClick={() => setAsks(false)}>{f.keep}</button>
                <button type="button" className="button primary" disabled={busy} onClick={remove}>{f.remove}</button>
              </div>
            </div>
          )}
          <div className="form-foot">
            {isRemoved && <button type="button" className="button primary" disabled={busy} onClick={undo}><Undo2 aria-hidden size={18} /> {f.bringBack}</button>}
            {!isNew && !isRemoved && !asks && <button type="button" className="button" disabled={busy} onClick={() => setAsks(true)}>{f.remove}</button>}
            {!isRemoved && <button type="submit" className="button primary" disabled={busy}>{t.locks.form.save}</button>}
          </div>
        </div>
      </form>
    </aside>
  );
}

const sayWrong = (words: Record<string, (at: number, where: string) => string>, w: Wrong) => words[w.field]?.((w.at ?? 0) + 1, w.where ?? '') ?? w.field;
const replaced = <T,>(rows: T[], at: number, part: Partial<T>) => rows.map((r, i) => (i === at ? { ...r, ...part } : r));

function Rooms({ rooms, wrong, onChange }: { rooms: RoomRow[]; wrong: Wrong[]; onChange: (rooms: RoomRow[]) => void }) {
  const f = useT().locks.facilities;
  return (
    <fieldset className="facility-rows">
      <legend>{f.rooms}</legend>
      {rooms.map((r, at) => (
        <div key={r.roomId} className="facility-line">
          <label className="field"><span>{f.room(at + 1)}</span><input value={r.name} maxLength={40} aria-invalid={wrong.some((w) => w.field === 'room' && w.at === at)} onChange={(e) => onChange(replaced(rooms, at, { name: e.currentTarget.value }))} /></label>
          {rooms.length > 1 && <Choice label={f.partOf} value={r.partOf} options={[['', f.whole], ...rooms.filter((o) => o !== r).map((o): [string, string] => [o.roomId, o.name || '—'])]} onChange={(partOf) => onChange(replaced(rooms, at, { partOf }))} />}
          {rooms.length > 1 && <button type="button" className="tool icon" aria-label={f.dropRoom(r.name || String(at + 1))} onClick={() => onChange(rooms.filter((o) => o !== r))}><Trash2 aria-hidden /></button>}
        </div>
      ))}
      <button type="button" className="button" onClick={() => onChange([...rooms, { roomId: newKey('r'), name: '', partOf: '' }])}><Plus aria-hidden size={18} /> {f.addRoom}</button>
    </fieldset>
  );
}

function Doors({ doors, rooms, locks, wrong, onChange }: { doors: DoorRow[]; rooms: RoomRow[]; locks: string[]; wrong: Wrong[]; onChange: (doors: DoorRow[]) => void }) {
  const f = useT().locks.facilities;
  const list = useId();
  const isBad = (at: number, ...fields: Wrong['field'][]) => wrong.some((w) => w.at === at && fields.includes(w.field));
  const opens = (d: DoorRow, roomId: string, on: boolean) => (on ? [...d.rooms, roomId] : d.rooms.filter((r) => r !== roomId));
  return (
    <fieldset className="facility-rows">
      <legend>{f.doors}</legend>
      <datalist id={list}>{locks.filter((l) => !doors.some((d) => d.device === l)).map((l) => <option key={l} value={l} />)}</datalist>
      {doors.map((d, at) => (
        <div key={at} className="facility-door">
          <div className="facility-line">
            <label className="field"><span>{f.door(at + 1)}</span><input value={d.name} maxLength={40} aria-invalid={isBad(at, 'door')} onChange={(e) => onChange(replaced(doors, at, { name: e.currentTarget.value }))} /></label>
            <label className="field"><span>{f.device}</span><input value={d.device} list={list} maxLength={32} autoCapitalize="off" spellCheck={false} aria-invalid={isBad(at, 'device', 'twice', 'elsewhere')} onChange={(e) => onChange(replaced(doors, at, { device: e.currentTarget.value.trim() }))} /></label>
            <button type="button" className="tool icon" aria-label={f.dropDoor(d.name || String(at + 1))} onClick={() => onChange(doors.filter((_, i) => i !== at))}><Trash2 aria-hidden /></button>
          </div>
          <label className="check"><input type="checkbox" checked={d.isKeyBox} onChange={(e) => onChange(replaced(doors, at, { isKeyBox: e.currentTarget.checked }))} /> {f.isKeyBox}</label>
          {rooms.length > 1 && (
            <div role="group" aria-label={f.opensFor} className="facility-opens">
              <span className="quiet">{d.rooms.length === 0 ? f.opensAll : f.opensFor}</span>
              {rooms.map((r) => <label key={r.roomId} className="check"><input type="checkbox" checked={d.rooms.includes(r.roomId)} onChange={(e) => onChange(replaced(doors, at, { rooms: opens(d, r.roomId, e.currentTarget.checked) }))} /> {r.name || '—'}</label>)}
            </div>
          )}
        </div>
      ))}
      <button type="button" className="button" onClick={() => onChange([...doors, { device: '', name: '', isKeyBox: false, rooms: [] }])}><Plus aria-hidden size={18} /> {f.addDoor}</button>
    </fieldset>
  );
}
