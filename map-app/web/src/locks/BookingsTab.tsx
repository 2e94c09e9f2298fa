import { ChevronLeft, ChevronRight, FileUp, Plus } from 'lucide-react';
import { useState } from 'react';
import { useT } from '../i18n';
import { Choice } from '../panels/Choice';
import { Failed, Loading } from '../panels/States';
import { useNow } from '../useNow';
import { getBookings } from './api';
import { BookingDay } from './BookingDay';
import { BookingForm } from './BookingForm';
import { ImportPanel } from './ImportPanel';
import { addDays, dayOf, momentOf, timeOf } from './times';
import type { Booking, Facility } from './types';
import { useLoaded } from '../api/useLoaded';

const renewMs = 30_000;

type Side = { kind: 'none' } | { kind: 'import' } | { kind: 'new'; roomId: string; from: string } | { kind: 'booking'; id: string };

/** A facility's day: who has which room when. */
export function BookingsTab({ facilities, person }: { facilities: Facility[]; person: string }) {
  const t = useT();
  const l = t.locks;
  const now = useNow();
  const [facilityId, setFacilityId] = useState(facilities[0]!.facilityId);
  const facility = facilities.find((f) => f.facilityId === facilityId) ?? facilities[0]!;
  const [day, setDay] = useState(() => dayOf(new Date()));
  const [side, setSide] = useState<Side>({ kind: 'none' });
  const { data: bookings, failed, renew } = useLoaded(`${facility.facilityId} ${day}`, (signal) => getBookings(facility.facilityId, momentOf(day, '00:00'), momentOf(day, '24:00'), signal), renewMs);
  // The one that is open stays open while the day is asked for anew.
  const [kept, setKept] = useState<Booking | null>(null);
  const chosen = side.kind === 'booking' ? (bookings?.find((b) => b.bookingId === side.id && (kept?.bookingId !== b.bookingId || b.revision >= kept.revision)) ?? (kept?.bookingId === side.id ? kept : undefined)) : undefined;
  const close = () => setSide({ kind: 'none' });
  const go = (to: string) => {
    setDay(to);
    close();
  };
  const saved = (booking: Booking) => {
    setKept(booking);
    setDay(dayOf(booking.start));
    setSide({ kind: 'booking', id: booking.bookingId });
    renew();
  };
  const cancelled = bookings?.filter((b) => b.state === 'cancelled') ?? [];
  return (
    <div className="desk-split" data-side={side.kind !== 'none'}>
      <section className="desk-main">
        <div className="desk-bar">
          <Choice label={l.facility} value={facility.facilityId} options={facilities.map((f) => [f.facilityId, f.name])} onChange={(id) => { setFacilityId(id); close(); }} />
          <div className="day-steps">
            <button type="button" className="tool icon" aria-label={l.previousDay} onClick={() => go(addDays(day, -1))}><ChevronLeft aria-hidden /></button>
            <label className="field"><span className="visually-hidden">{l.day}</span><input type="date" value={day} onChange={(e) => e.currentTarget.value && go(e.currentTarget.value)} /></label>
            <button type="button" className="tool icon" aria-label={l.nextDay} onClick={() => go(addDays(day, 1))}><ChevronRight aria-hidden /></button>
            <button type="button" className="button" onClick={() => go(dayOf(new Date()))}>{l.today}</button>
          </div>
          <span className="grow" />
          <button type="button" className="button" onClick={() => setSide({ kind: 'import' })}><FileUp aria-hidden size={18} /> {l.import}</button>
          <button type="button" className="button primary" onClick={() => setSide({ kind: 'new', roomId: facility.rooms[0]!.roomId, from: '09:00' })}><Plus aria-hidden size={18} /> {l.add}</button>
        </div>
        {bookings === null ? (
          failed ? <Failed title={l.failed} hint={l.failedHint} onRetry={renew} /> : <Loading />
        ) : (
          <>
            {failed && <p className="desk-stale" role="status">{l.failed}</p>}
            {bookings.length === 0 && <p className="desk-none" role="status"><strong>{l.none}</strong> {l.noneHint}</p>}
            <BookingDay facility={facility} day={day} bookings={bookings} chosen={chosen?.bookingId ?? null} today={dayOf(now) === day ? timeOf(now) : null}
              onChoose={(id) => setSide({ kind: 'booking', id })} onFree={(roomId, from) => setSide({ kind: 'new', roomId, from })} />
            {cancelled.length > 0 && (
              <ul className="cancelled-list" aria-label={l.cancelled}>
                {cancelled.map((b) => (
                  <li key={b.bookingId}>
                    <button type="button" className="text-button" onClick={() => setSide({ kind: 'booking', id: b.bookingId })}>
                      {l.cancelled}: {facility.rooms.find((r) => r.roomId === b.roomId)?.name ?? b.roomId} {timeOf(b.start)}–{timeOf(b.end)} {b.name ?? ''}
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </section>
      {side.kind === 'import' && <ImportPanel person={person} onClose={close} onDone={renew} />}
      {side.kind === 'new' && <BookingForm key={`new ${side.roomId} ${side.from} ${day}`} facility={facility} booking={null} start={{ day, roomId: side.roomId, from: side.from }} person={person} onSaved={saved} onChanged={renew} onClose={close} />}
      {chosen && <BookingForm key={chosen.bookingId} facility={facility} booking={chosen} start={null} person={person} onSaved={saved} onChanged={renew} onClose={close} />}
    </div>
  );
}
