import { BatteryLow, BatteryMedium, ShieldAlert, WifiOff } from 'lucide-react';
import { number } from '../format/numbers';
import { ago, dateTime } from '../format/time';
import { useT } from '../i18n';
import { DoorMark } from './DoorMark';
import { isLow, markOfDoor } from './doorMarks';
import type { DoorNow } from './doors';

interface Props {
  door: DoorNow;
  now: Date;
  chosen: boolean;
  /** null: it cannot be chosen */
  onToggle: (() => void) | null;
}

/** One door in words: what it is called, how it stands and since when, and what is wrong with it. */
export function DoorRow({ door: x, now, chosen, onToggle }: Props) {
  const t = useT();
  const d = t.locks.doors;
  const low = isLow(x);
  const Row = onToggle ? 'label' : 'div';
  return (
    <Row className="door-row" data-state={x.state} data-chosen={chosen}>
      {onToggle && <input type="checkbox" checked={chosen} onChange={onToggle} aria-label={d.select(`${x.facility.name} ${x.door.name}`)} />}
      <DoorMark mark={markOfDoor(x)} />
      <span className="door-name"><strong>{x.door.name}</strong><small>{x.door.device}</small></span>
      {x.door.isKeyBox ? <span className="door-state"><strong>{d.mark['key-box']}</strong></span> : (
        <>
          <span className="door-state"><strong>{d.state[x.state]}</strong>{x.since && <small title={dateTime(t, x.since)}>{ago(t, x.since, now)}</small>}</span>
          <span className="door-flags">
            {x.tamper && <span className="door-flag" data-bad><ShieldAlert aria-hidden size={18} /> {d.tamper}</span>}
            {x.lost && <span className="door-flag"><WifiOff aria-hidden size={18} /> {d.lost}</span>}
            {x.batteryPercent !== null && <span className="door-flag" data-bad={low || undefined}>{low ? <BatteryLow aria-hidden size={18} /> : <BatteryMedium aria-hidden size={18} />} {d.battery} {number(x.batteryPercent)}%</span>}
            <span className="door-flag quiet">{d.seen} {x.lastSeenAt ? ago(t, x.lastSeenAt, now) : d.never}</span>
          </span>
        </>
      )}
    </Row>
  );
}
