import { BatteryFull, BatteryLow, BatteryMedium, BatteryWarning, CircleHelp } from 'lucide-react';
import { number } from '../format/numbers';
import { ago } from '../format/time';
import { useT } from '../i18n';
import { Empty, Failed, Loading } from '../panels/States';
import { useNow } from '../useNow';
import { getBatteries } from './api';
import type { Battery } from './types';
import { useLoaded } from '../api/useLoaded';

const renewMs = 10 * 60_000;
const icons = { low: BatteryLow, falls: BatteryMedium, steady: BatteryFull, 'too-little': CircleHelp };

/** Whose battery must be changed when, those to go to first. */
export function BatteriesTab() {
  const t = useT();
  const b = t.locks.battery;
  const now = useNow();
  const { data: doors, failed, renew } = useLoaded('batteries', getBatteries, renewMs);
  if (doors === null) return failed ? <Failed title={t.locks.failed} hint={t.locks.failedHint} onRetry={renew} /> : <Loading />;
  if (doors.length === 0) return <Empty title={b.none} />;
  return (
    <div className="scroll desk-table-holder" tabIndex={0} role="group" aria-label={t.locks.tabs.batteries}>
      {failed && <p className="desk-stale" role="status">{t.locks.failed}</p>}
      <p className="quiet">{b.limit}</p>
      <table className="desk-table">
        <thead><tr><th scope="col">{b.when}</th><th scope="col">{b.door}</th><th scope="col" className="number">{b.percent}</th><th scope="col" className="number">{b.rate}</th></tr></thead>
        <tbody>
          {doors.map((x) => (
            <tr key={x.device} data-outlook={x.isSilent ? 'silent' : x.outlook}>
              <td><When battery={x} /></td>
              <th scope="row">{x.facility} {x.door}<small>{x.device}</small></th>
              <td className="number">{x.percent === undefined ? '—' : `${number(x.percent)}%`}{x.readAt && <small>{ago(t, x.readAt, now)}</small>}</td>
              <td className="number">{x.percentPerMonth === undefined ? '—' : `${x.percentPerMonth.toFixed(1)}%`}{x.changedOn && <small>{b.changed(x.changedOn)}</small>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function When({ battery: x }: { battery: Battery }) {
  const b = useT().locks.battery;
  const Icon = x.isSilent ? BatteryWarning : icons[x.outlook];
  return (
    <span className="battery-when">
      <Icon aria-hidden size={22} />
      <span>
        <strong>{x.outlook === 'falls' && x.date ? x.date : b.outlook[x.outlook]}</strong>
        {x.outlook === 'falls' && <small>{b.range(x.earliest ?? b.openEnd, x.latest ?? b.openEnd)}</small>}
        {x.isSilent && <small className="bad">{b.silent}</small>}
      </span>
    </span>
  );
}
