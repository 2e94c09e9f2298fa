import { useT } from '../i18n';
import { blocksOf, hoursOf } from './calendar';
import { minutesOf, timeOf } from './times';
import type { Booking, Facility } from './types';

interface Props {
  facility: Facility;
  day: string;
  bookings: Booking[];
  chosen: string | null;
  /** the time now, when the day is today */
  today: string | null;
  onChoose: (id: string) => void;
  onFree: (roomId: string, from: string) => void;
}

const hourPx = 48;
const two = (h: number) => `${String(h).padStart(2, '0')}:00`;

/** Rooms side by side, hours downwards. A free hour is touched for a new booking; the keyboard has the button for it. */
export function BookingDay({ facility, day, bookings, chosen, today, onChoose, onFree }: Props) {
  const t = useT();
  const l = t.locks;
  const shown = hoursOf(day, bookings);
  const hours = Array.from({ length: shown[1] - shown[0] }, (_, i) => shown[0] + i);
  const blocks = blocksOf(day, facility.rooms, bookings, shown);
  const nowAt = today === null ? -1 : (minutesOf(today) / 60 - shown[0]) / hours.length;
  return (
    <div className="day" role="group" aria-label={l.calendar(facility.name, day)} tabIndex={0}>
      <div className="day-head">
        <span />
        {facility.rooms.map((r) => <strong key={r.roomId}>{r.name}</strong>)}
      </div>
      <div className="day-grid" style={{ height: `${hours.length * hourPx}px` }}>
        <div className="day-hours" aria-hidden>{hours.map((h) => <span key={h}>{h}:00</span>)}</div>
        {facility.rooms.map((room, column) => (
          <div key={room.roomId} className="day-room">
            {hours.map((h) => <button key={h} type="button" className="day-free" tabIndex={-1} aria-label={`${l.add}: ${room.name} ${two(h)}`} onClick={() => onFree(room.roomId, two(h))} />)}
            {blocks.filter((b) => b.column === column).map(({ booking: b, top, height }) => (
              <button key={b.bookingId} type="button" className="day-block" data-pin={b.pin} aria-pressed={chosen === b.bookingId} style={{ top: `${top * 100}%`, height: `${height * 100}%` }} onClick={() => onChoose(b.bookingId)}>
                <strong>{timeOf(b.start)}–{timeOf(b.end)}</strong> <span>{b.name ?? l.noName}</span>
                {b.pin !== 'not-needed' && <small>{l.pin.title}: {l.pin.state[b.pin]}</small>}
              </button>
            ))}
          </div>
        ))}
        {nowAt > 0 && nowAt < 1 && <div className="day-now" style={{ top: `${nowAt * 100}%` }} aria-hidden />}
      </div>
    </div>
  );
}
