import { Download } from 'lucide-react';
import { useState } from 'react';
import { number } from '../format/numbers';
import { dateTime } from '../format/time';
import { useT, type Dictionary } from '../i18n';
import { Choice } from '../panels/Choice';
import { Empty, Failed, Loading } from '../panels/States';
import { doorLogCsv, getDoorLog, logQuery } from './api';
import type { DoorEntry, Facility } from './types';
import { useLoaded } from './useLoaded';

const renewMs = 30_000;
const page = 200;
const dayMs = 86_400_000;
const marginMs = 300_000; // a lock's clock may be a little ahead

/** Who opened which door when. */
export function LogTab({ facilities }: { facilities: Facility[] }) {
  const t = useT();
  const { log: w } = t.locks;
  const [facilityId, setFacilityId] = useState('');
  const [days, setDays] = useState('7');
  const [count, setCount] = useState(page);
  const query = () => logQuery(facilityId, new Date(Date.now() - Number(days) * dayMs).toISOString(), new Date(Date.now() + marginMs).toISOString());
  const { data: entries, failed, renew } = useLoaded(`${facilityId} ${days}`, (signal) => getDoorLog(query(), signal), renewMs);
  return (
    <div className="log">
      <div className="bookings-bar">
        <Choice label={t.locks.facility} value={facilityId} options={[['', t.locks.allFacilities], ...facilities.map((f): [string, string] => [f.facilityId, f.name])]} onChange={setFacilityId} />
        <Choice label={w.period} value={days} options={Object.entries(w.periods)} onChange={setDays} />
        <span className="grow" />
        <button type="button" className="button" title={w.csvHint} onClick={() => window.location.assign(doorLogCsv(query()))}><Download aria-hidden size={18} /> {w.csv}</button>
      </div>
      {entries === null ? (
        failed ? <Failed title={t.locks.failed} hint={t.locks.failedHint} onRetry={renew} /> : <Loading />
      ) : entries.length === 0 ? (
        <Empty title={w.none} />
      ) : (
        <div className="scroll locks-table-holder" tabIndex={0} role="group" aria-label={t.locks.tabs.log}>
          {failed && <p className="locks-stale" role="status">{t.locks.failed}</p>}
          <table className="locks-table">
            <thead><tr><th scope="col">{w.at}</th><th scope="col">{w.place}</th><th scope="col">{w.what}</th><th scope="col">{w.who}</th></tr></thead>
            <tbody>
              {entries.slice(0, count).map((e, i) => (
                <tr key={`${e.at} ${e.device} ${i}`} data-kind={e.kind}>
                  <td>{dateTime(t, e.at)}</td>
                  <th scope="row">{e.facility} {e.door}</th>
                  <td>{w.kind[e.kind] ?? e.kind}</td>
                  <td>{who(t, e)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {entries.length > count && <button type="button" className="button wide" onClick={() => setCount(count + page)}>{t.list.more(number(entries.length - count))}</button>}
        </div>
      )}
    </div>
  );
}

function who({ locks: { log: w } }: Dictionary, e: DoorEntry): string {
  const by = e.by ? (w.by[e.by] ?? e.by) : '';
  const person = e.by === 'booking' ? `${e.name ?? ''} ${e.bookingId ?? ''}`.trim() : (e.who ?? e.grantId ?? (e.user === undefined ? '' : String(e.user)));
  const reason = e.reason ? (w.reason[e.reason] ?? e.reason) : '';
  return [by, person, reason].filter(Boolean).join(' — ');
}
