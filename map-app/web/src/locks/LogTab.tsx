import { Download } from 'lucide-react';
import { useState } from 'react';
import { dateTime } from '../format/time';
import { useT } from '../i18n';
import { Choice } from '../panels/Choice';
import { Empty, Failed, Loading } from '../panels/States';
import { doorLogCsv, getDoorLog, logQuery } from './api';
import { whoOf } from './logWords';
import type { DoorEntry, Facility } from './types';
import { useLoaded } from '../api/useLoaded';

const renewMs = 30_000;
const dayMs = 86_400_000;
const marginMs = 300_000; // a lock's clock may be a little ahead

/** Who opened which door when. */
export function LogTab({ facilities }: { facilities: Facility[] }) {
  const t = useT();
  const { log: w } = t.locks;
  const [facilityId, setFacilityId] = useState('');
  const [days, setDays] = useState('7');
  const query = () => logQuery(facilityId, new Date(Date.now() - Number(days) * dayMs).toISOString(), new Date(Date.now() + marginMs).toISOString());
  const key = `${facilityId} ${days}`;
  const { data, failed, renew } = useLoaded(key, (signal) => getDoorLog(query(), signal), renewMs);
  const [older, setOlder] = useState<Pages | null>(null);
  // Whoever looks at older pages looks at one list that stands still; the newest page alone is asked for again and again.
  const shown: Pages | null = older?.key === key ? older : data && { key, entries: data.entries, next: data.next, state: 'loaded' };
  const more = async () => {
    if (shown?.next === undefined || shown.state === 'loading') return;
    setOlder({ ...shown, state: 'loading' });
    const page = await getDoorLog(`${query()}&${new URLSearchParams({ before: shown.next })}`).catch(() => null);
    setOlder((now) => (now?.key !== key ? now : page ? { key, entries: [...shown.entries, ...page.entries], next: page.next, state: 'loaded' } : { ...shown, state: 'failed' }));
  };
  return (
    <div className="log">
      <div className="desk-bar">
        <Choice label={t.locks.facility} value={facilityId} options={[['', t.locks.allFacilities], ...facilities.map((f): [string, string] => [f.facilityId, f.name])]} onChange={setFacilityId} />
        <Choice label={w.period} value={days} options={Object.entries(w.periods)} onChange={setDays} />
        <span className="grow" />
        <button type="button" className="button" title={w.csvHint} onClick={() => window.location.assign(doorLogCsv(query()))}><Download aria-hidden size={18} /> {w.csv}</button>
      </div>
      {shown === null ? (
        failed ? <Failed title={t.locks.failed} hint={t.locks.failedHint} onRetry={renew} /> : <Loading />
      ) : shown.entries.length === 0 ? (
        <Empty title={w.none} />
      ) : (
        <div className="scroll desk-table-holder" tabIndex={0} role="group" aria-label={t.locks.tabs.log}>
          {failed && <p className="desk-stale" role="status">{t.locks.failed}</p>}
          <table className="desk-table even">
            <thead><tr><th scope="col">{w.at}</th><th scope="col">{w.place}</th><th scope="col">{w.what}</th><th scope="col">{w.who}</th></tr></thead>
            <tbody>
              {shown.entries.map((e) => (
                <tr key={e.id} data-kind={e.kind}>
                  <td>{dateTime(t, e.at)}</td>
                  <th scope="row">{e.facility} {e.door}</th>
                  <td>{w.kind[e.kind] ?? e.kind}</td>
                  <td>{whoOf(t, e)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {shown.state === 'failed' && <p className="desk-stale" role="alert">{t.locks.failed}</p>}
          <p className="log-foot">
            {shown.next !== undefined && <button type="button" className="button" disabled={shown.state === 'loading'} onClick={() => void more()}>{w.older}</button>}
            {shown === older && <button type="button" className="button" onClick={() => setOlder(null)}>{w.newest}</button>}
          </p>
        </div>
      )}
    </div>
  );
}

interface Pages {
  key: string;
  entries: DoorEntry[];
  next: string | undefined;
  state: 'loading' | 'loaded' | 'failed';
}
