import { KeyRound, Printer, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { save } from '../api/download';
import { useAsked, type Asked } from '../api/useAsked';
import { dateTime } from '../format/time';
import { useT } from '../i18n';
import { Choice } from '../panels/Choice';
import { cancelBooking, getSlip, issuePin, putBooking } from './api';
import { dayOf, minutesOf, momentOf, timeOf } from './times';
import type { Booking, Facility, IssuedPin } from './types';

interface Props {
  facility: Facility;
  /** null: a new one */
  booking: Booking | null;
  start: { day: string; roomId: string; from: string } | null;
  person: string;
  onSaved: (booking: Booking) => void;
  /** something else of it changed */
  onChanged: () => void;
  onClose: () => void;
}

const newId = () => `f-${crypto.randomUUID().slice(0, 13)}`;
const twoHoursAfter = (from: string) => `${String(Math.min(23, Math.floor(minutesOf(from) / 60) + 2)).padStart(2, '0')}:00`;

/** One booking: made, changed, cancelled; its PIN, told once; its slip. */
export function BookingForm({ facility, booking, start, person, onSaved, onChanged, onClose }: Props) {
  const t = useT();
  const { form: f, pin: p, slip } = t.locks;
  const [id] = useState(() => booking?.bookingId ?? newId());
  const [values, setValues] = useState(() => ({
    roomId: booking?.roomId ?? start!.roomId,
    day: booking ? dayOf(booking.start) : start!.day,
    start: booking ? timeOf(booking.start) : start!.from,
    end: booking ? timeOf(booking.end) : twoHoursAfter(start!.from),
    name: booking?.name ?? '',
    contact: booking?.contact ?? '',
    purpose: booking?.purpose ?? '',
    oneTime: booking?.oneTime ?? false,
  }));
  const asked = useAsked();
  const { busy, said } = asked;
  const [done, setDone] = useState<string | null>(null);
  const [issued, setIssued] = useState<IssuedPin | null>(null);
  const set = (part: Partial<typeof values>) => setValues((v) => ({ ...v, ...part }));
  const held = booking?.state === 'booked';

  const run: Asked['run'] = (ask, then) => {
    setDone(null);
    return asked.run(ask, then);
  };
  const took = (text: string) => (saved: Booking) => {
    setDone(text);
    if (saved.pin !== 'issued') setIssued(null);
    onSaved(saved);
  };
  const put = (text: string) => {
    const last = minutesOf(values.end) === 0 ? '24:00' : values.end;
    const { roomId, name, contact, purpose, oneTime } = values;
    const wanted = { facilityId: facility.facilityId, roomId, start: momentOf(values.day, values.start), end: momentOf(values.day, last), name, contact, purpose, oneTime };
    void run(() => putBooking(id, wanted, booking?.revision ?? 0, person), took(text));
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (!busy) put(f.saved);
  };
  const pin = () => void run(() => issuePin(id, person), (value) => {
    setIssued(value);
    onChanged();
  });
  const print = (format: 'html' | 'pdf') => void run(() => getSlip(id, format, person), (page) => {
    if (format === 'pdf') return save(page, `${id}.pdf`);
    const url = URL.createObjectURL(page);
    window.open(url, '_blank', 'noopener');
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  });
  const text = (name: 'name' | 'contact' | 'purpose', label: string, most: number) => (
    <label className="field"><span>{label}</span><input value={values[name]} maxLength={most} autoComplete="off" onChange={(e) => set({ [name]: e.currentTarget.value })} /></label>
  );
  return (
    <aside className="desk-side" aria-label={booking ? f.change : f.add}>
      <header>
        <h2>{booking ? f.change : f.add}</h2>
        <button type="button" className="tool icon" aria-label={f.back} onClick={onClose}><X aria-hidden /></button>
      </header>
      {held && booking.pin !== 'not-needed' && (
        <section className="booking-pin" aria-label={p.title}>
          <h3><KeyRound aria-hidden size={18} /> {p.title}: {p.state[issued ? 'issued' : booking.pin]}</h3>
          {issued ? (
            <div className="pin-once">
              <output aria-label={`${p.title} ${[...issued.pin].join(' ')}`}>{issued.pin}</output>
              <p>{p.opens(dateTime(t, issued.start), dateTime(t, issued.end), issued.doors.map((d) => d.name).join('、'))}</p>
              <p><strong>{p.once}</strong></p>
              <button type="button" className="button" onClick={() => setIssued(null)}>{p.hide}</button>
            </div>
          ) : (
            <>
              {booking.pin === 'issued' && <p className="quiet">{p.replaced}</p>}
              <button type="button" className={booking.pin === 'issued' ? 'button' : 'button primary'} disabled={busy} onClick={pin}>{booking.pin === 'none' ? p.issue : p.again}</button>
            </>
          )}
        </section>
      )}
      {held && booking.keyBox && (
        <section className="booking-pin" aria-label={slip.title}>
          <h3><Printer aria-hidden size={18} /> {slip.title}</h3>
          <div className="slip-buttons">
            <button type="button" className="button" disabled={busy} onClick={() => print('html')}>{slip.print}</button>
            <button type="button" className="button" disabled={busy} onClick={() => print('pdf')}>{slip.pdf}</button>
          </div>
        </section>
      )}
      <form className="desk-form" onSubmit={submit}>
        <p role="status" className="booking-said" data-bad={said !== null}>{said?.text ?? done}</p>
        {booking && <p className="quiet">{booking.bookingId}{!held && <strong className="cancelled-mark">{t.locks.cancelled}</strong>}</p>}
        <Choice label={f.room} value={values.roomId} options={facility.rooms.map((r) => [r.roomId, r.name])} onChange={(roomId) => set({ roomId })} />
        <label className="field"><span>{f.day}</span><input type="date" required value={values.day} onChange={(e) => set({ day: e.currentTarget.value })} /></label>
        <div className="booking-times">
          <label className="field"><span>{f.start}</span><input type="time" required step={300} value={values.start} onChange={(e) => set({ start: e.currentTarget.value })} /></label>
          <label className="field"><span>{f.end}</span><input type="time" required step={300} value={values.end} onChange={(e) => set({ end: e.currentTarget.value })} /></label>
        </div>
        {text('name', f.name, 100)}
        {text('contact', f.contact, 100)}
        {text('purpose', f.purpose, 200)}
        <label className="check"><input type="checkbox" checked={values.oneTime} onChange={(e) => set({ oneTime: e.currentTarget.checked })} /> {f.oneTime}</label>
        <p className="quiet">{f.personal}</p>
        <div className="form-foot">
          {held && <button type="button" className="button" disabled={busy} onClick={() => void run(() => cancelBooking(id, booking.revision, person), took(f.didCancel))}>{f.cancel}</button>}
          {booking && !held ? <button type="button" className="button primary" disabled={busy} onClick={() => put(f.restored)}>{f.restore}</button> : <button type="submit" className="button primary" disabled={busy}>{f.save}</button>}
        </div>
      </form>
      {booking && <p className="quiet booking-changed">{f.changed(booking.changedBy)} {dateTime(t, booking.changedAt)}</p>}
    </aside>
  );
}
