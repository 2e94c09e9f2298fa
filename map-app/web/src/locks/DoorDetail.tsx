import { BatteryWarning, BellRing, Check } from 'lucide-react';
import { useEffect } from 'react';
import { useMay } from '../access/may';
import type { EventFeature } from '../api/types';
import { useAsked } from '../api/useAsked';
import { useLoaded } from '../api/useLoaded';
import type { AlarmFeature } from '../board/types';
import { ago, dateTime } from '../format/time';
import { useLang, useT } from '../i18n';
import { Fact } from '../panels/facts';
import { Empty, Failed, Loading } from '../panels/States';
import type { View } from '../state/store';
import type { Selection } from '../state/ui';
import { useNow } from '../useNow';
import { acknowledge, getBattery, getBookings, getDoorLog } from './api';
import { DoorRow } from './DoorRow';
import { isOfDoor, whoOf } from './logWords';
import { RemoteForm, RemoteResults } from './Remote';
import { addDays, dayOf, momentOf, timeOf } from './times';
import type { Battery, Booking } from './types';
import { useRemote } from './useRemote';
import type { DoorHere, Doors } from './useDoors';

const renewMs = 60_000;
const logRows = 10;
const logDays = 31;
const bookingDays = 7;
const bookingRows = 3;

interface Props {
  doors: Doors;
  device: string;
  view: View;
  person: string;
  onSelect: (selection: Selection) => void;
}

/** A door of a facility: how it stands, who may come in next, what happened, and to open it from here. */
export default function DoorDetail({ doors, device, view, person, onSelect }: Props) {
  const t = useT();
  const d = t.locks.doors;
  const now = useNow();
  const mayBook = useMay('locks.book');
  const mayOpen = useMay('locks.open');
  const x = doors.list.find((door) => door.door.device === device);
  if (!x) return doors.facilities === null ? doors.failed ? <Failed title={t.locks.failed} hint={t.locks.failedHint} /> : <Loading /> : <Empty title={t.drawer.gone} hint={t.drawer.goneHint} />;
  const others = x.facility.doors.filter((other) => other.device !== device);
  return (
    <div className="door-detail">
      <section className="facts">
        <div className="facts-head">
          <h3>{x.facility.name} {x.facility.isShelter && <span className="shelter-mark">{t.locks.shelter}</span>}</h3>
        </div>
        <DoorRow door={x} now={now} chosen={false} onToggle={null} />
        {x.door.isKeyBox ? <p className="note">{d.keyBoxHint}</p> : <dl><Fact name={d.since}>{x.since ? `${dateTime(t, x.since)}（${ago(t, x.since, now)}）` : t.field.unknown}</Fact><Forecast device={device} now={now} /></dl>}
        {doors.failed && <p className="desk-stale" role="status">{t.locks.failed}</p>}
      </section>
      <Alarms view={view} device={device} person={person} />
      {mayBook && <Next door={x} now={now} />}
      {mayOpen && !x.door.isKeyBox && <RemoteOpening device={device} name={x.door.name} person={person} />}
      {!x.door.isKeyBox && (mayBook ? <Log device={device} newest={doors.told.get(device)?.at(-1)?.revision ?? 0} /> : <Events told={doors.told.get(device) ?? []} />)}
      {others.length > 0 && (
        <section className="facts" aria-label={d.others}>
          <h3>{d.others}</h3>
          <p className="door-others">{others.map((o) => <button key={o.device} type="button" className="button" onClick={() => onSelect({ kind: 'door', id: o.device })}>{o.name}</button>)}</p>
        </section>
      )}
    </div>
  );
}

/** When somebody must go there with a battery. */
function Forecast({ device, now }: { device: string; now: Date }) {
  const t = useT();
  const b = t.locks.battery;
  const { data } = useLoaded(`battery ${device}`, (signal) => getBattery(device, signal), 10 * renewMs);
  if (data === null) return null;
  return (
    <Fact name={b.when}>
      {said(data)}
      {data.isSilent && <small className="bad door-silent"><BatteryWarning aria-hidden size={18} /> {b.silent}</small>}
    </Fact>
  );
  function said(battery: Battery): string {
    if (battery.outlook !== 'falls' || !battery.date) return b.outlook[battery.outlook] ?? battery.outlook;
    const days = Math.max(0, Math.round((Date.parse(battery.date) - Date.parse(dayOf(now))) / 86_400_000));
    return b.left(days, battery.date);
  }
}

function Alarms({ view, device, person }: { view: View; device: string; person: string }) {
  const t = useT();
  const d = t.locks.doors;
  const mine = view.alarms.values().filter((a) => a.properties.device === device && a.properties.state === 'raised').sort((a, b) => (a.properties.raisedAt < b.properties.raisedAt ? 1 : -1));
  if (mine.length === 0) return null;
  return (
    <section className="facts" aria-label={d.alarms}>
      <h3>{d.alarms}</h3>
      <ul className="door-alarms">{mine.map((a) => <li key={a.properties.alarmId}><Alarm alarm={a} person={person} /></li>)}</ul>
    </section>
  );
}

function Alarm({ alarm: { properties: p }, person }: { alarm: AlarmFeature; person: string }) {
  const t = useT();
  const lang = useLang();
  const d = t.locks.doors;
  const may = useMay('alarms.acknowledge');
  const { busy, said, run } = useAsked();
  return (
    <>
      <p className="door-alarm" data-severity={p.severity}><BellRing aria-hidden size={20} /> <strong>{(lang === 'ja' ? p.messageJa : p.messageEn) ?? p.rule}</strong></p>
      <p className="quiet">{dateTime(t, p.raisedAt)}</p>
      {p.acknowledgedBy ? <p className="door-acknowledged"><Check aria-hidden size={18} /> {d.acknowledged(p.acknowledgedBy, dateTime(t, p.acknowledgedAt))}</p> : may && <button type="button" className="button" disabled={busy} onClick={() => void run(() => acknowledge(p.alarmId, person))}>{d.acknowledge}</button>}
      {said && <p role="alert" className="bad">{said.text}</p>}
    </>
  );
}

/** Who is in there now by a booking, and who comes next. */
function Next({ door: { door, facility }, now }: { door: DoorHere; now: Date }) {
  const t = useT();
  const d = t.locks.doors;
  const today = dayOf(now);
  const { data, failed, renew } = useLoaded(`${facility.facilityId} ${today}`, (signal) => getBookings(facility.facilityId, momentOf(today, '00:00'), momentOf(addDays(today, bookingDays), '00:00'), signal), renewMs);
  const opens = (b: Booking) => b.state === 'booked' && Date.parse(b.end) > now.getTime() && (door.rooms.length === 0 || door.rooms.includes(b.roomId));
  const next = data?.filter(opens).slice(0, bookingRows) ?? [];
  return (
    <section className="facts" aria-label={d.bookings}>
      <h3>{d.bookings}</h3>
      {data === null ? failed ? <Failed title={t.locks.failed} onRetry={renew} /> : <Loading /> : next.length === 0 ? <p className="note">{d.noBooking}</p> : (
        <dl>
          {next.map((b) => (
            <Fact key={b.bookingId} name={Date.parse(b.start) <= now.getTime() ? d.running : dayOf(b.start) === today ? d.next : dayOf(b.start).slice(5)}>
              {`${timeOf(b.start)}–${timeOf(b.end)} ${facility.rooms.find((r) => r.roomId === b.roomId)?.name ?? b.roomId}`}
              <small className="door-booker">{b.name ?? t.locks.noName}</small>
            </Fact>
          ))}
        </dl>
      )}
    </section>
  );
}

function RemoteOpening({ device, name, person }: { device: string; name: string; person: string }) {
  const d = useT().locks.doors;
  const remote = useRemote(person);
  return (
    <section className="facts door-remote" aria-label={d.remote}>
      <h3>{d.remote}</h3>
      <p className="note">{d.remoteHint}</p>
      <RemoteForm count={1} busy={remote.busy} choice={null} onSend={(command, reason) => void remote.send([device], command, reason)} />
      <RemoteResults remote={remote} nameOf={() => name} />
    </section>
  );
}

/** The last entries of the door log, with who it was. */
function Log({ device, newest }: { device: string; newest: number }) {
  const t = useT();
  const d = t.locks.doors;
  const query = () => new URLSearchParams({ device, from: new Date(Date.now() - logDays * 86_400_000).toISOString(), limit: String(logRows) }).toString();
  const { data, failed, renew } = useLoaded(device, (signal) => getDoorLog(query(), signal), renewMs);
  useEffect(() => renew(), [newest, renew]); // the lock told something
  return (
    <section className="facts" aria-label={t.locks.tabs.log}>
      <h3>{t.locks.tabs.log}</h3>
      {data === null ? failed ? <Failed title={t.locks.failed} onRetry={renew} /> : <Loading /> : data.entries.length === 0 ? <p className="note">{d.noEvents}</p> : (
        <ol className="door-log">{data.entries.map((e, i) => <Happened key={`${e.at} ${i}`} at={e.at} kind={e.kind} who={whoOf(t, e)} />)}</ol>
      )}
    </section>
  );
}

/** What happened, for those who may not see who it was. */
function Events({ told }: { told: EventFeature['properties'][] }) {
  const t = useT();
  const mine = told.filter((e) => isOfDoor(e.kind)).slice(-logRows).reverse();
  return (
    <section className="facts" aria-label={t.field.events}>
      <h3>{t.field.events}</h3>
      {mine.length === 0 ? <p className="note">{t.locks.doors.noEvents}</p> : <ol className="door-log">{mine.map((e) => <Happened key={e.revision} at={e.time ?? ''} kind={e.kind} who="" />)}</ol>}
    </section>
  );
}

function Happened({ at, kind, who }: { at: string; kind: string; who: string }) {
  const t = useT();
  return (
    <li data-kind={kind}>
      <time dateTime={at}>{dateTime(t, at)}</time> <strong>{t.locks.log.kind[kind] ?? kind}</strong>
      {who && <small>{who}</small>}
    </li>
  );
}
