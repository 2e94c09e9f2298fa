import { MapPin } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../access/may';
import { useT } from '../i18n';
import { Empty } from '../panels/States';
import type { View } from '../state/store';
import { useNow } from '../useNow';
import { DoorRow } from './DoorRow';
import { doorsNow, toldBy } from './doors';
import { RemoteForm, RemoteResults } from './Remote';
import type { Facility } from './types';
import { useRemote } from './useRemote';

/** Every door with a lock: how it stands, and to open it from here with a reason. */
export function DoorsTab({ facilities, view, person, onShow }: { facilities: Facility[]; view: View; person: string; onShow: (device: string) => void }) {
  const t = useT();
  const d = t.locks.doors;
  const now = useNow();
  const mayOpen = useMay('locks.open');
  const doors = doorsNow(facilities, toldBy(facilities, view.events.values()), (id) => view.devices.get(id), now.getTime());
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
  return (
    <div className="doors">
      <div className="doors-list scroll">
        {facilities.filter((f) => doors.some((x) => x.facility === f)).map((f) => (
          <section key={f.facilityId} className="doors-facility" aria-label={f.name}>
            <h3>{f.name} {f.isShelter && <span className="shelter-mark">{t.locks.shelter}</span>}</h3>
            <ul>
              {doors.filter((x) => x.facility === f).map((x) => (
                <li key={x.door.device} className="door-line">
                  <DoorRow door={x} now={now} chosen={chosen.has(x.door.device)} onToggle={mayOpen ? () => toggle(x.door.device) : null} />
                  <button type="button" className="tool icon" onClick={() => onShow(x.door.device)} aria-label={d.onMap(`${x.facility.name} ${x.door.name}`)} title={d.onMap(`${x.facility.name} ${x.door.name}`)}><MapPin aria-hidden /></button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {mayOpen && (
        <aside className="desk-side" aria-label={d.remote}>
          <header><h2>{d.remote}</h2></header>
          <RemoteForm count={chosen.size} busy={remote.busy} choice={{ onClear: () => setChosen(new Set()), onShelters: shelters.length > 0 ? () => setChosen(new Set(shelters)) : null }}
            onSend={(command, reason) => void remote.send([...chosen], command, reason)} />
          <RemoteResults remote={remote} nameOf={nameOf} />
        </aside>
      )}
    </div>
  );
}
