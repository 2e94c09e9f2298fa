import { Building2, Plus } from 'lucide-react';
import { useState } from 'react';
import { useT, wording } from '../i18n';
import type { View } from '../state/store';
import { FacilityForm } from './FacilityForm';
import type { Facility } from './types';

interface Props {
  facilities: Facility[];
  view: View;
  person: string;
  onChanged: () => void;
}

/** What can be booked and its doors: listed, made, changed, removed. */
export function FacilitiesTab({ facilities, view, person, onChanged }: Props) {
  const t = useT();
  const f = t.locks.facilities;
  // What is open is as it was when it was chosen: it stays while others change the list, and after it was removed, to undo that.
  const [open, setOpen] = useState<{ facility: Facility | null; id: string | null; n: number } | null>(null);
  const locks = view.devices.values().filter((d) => d.properties.kind === 'lock').map((d) => d.properties.device).sort();
  const choose = (facility: Facility | null) => setOpen((now) => ({ facility, id: facility?.facilityId ?? null, n: (now?.n ?? 0) + 1 }));
  return (
    <div className="bookings" data-side={open !== null}>
      <section className="bookings-main">
        <div className="bookings-bar">
          <span className="grow" />
          <button type="button" className="button primary" onClick={() => choose(null)}><Plus aria-hidden size={18} /> {f.add}</button>
        </div>
        <ul className="scroll facility-list" aria-label={f.title}>
          {facilities.length === 0 && <li className="locks-none">{t.locks.noFacility}</li>}
          {facilities.map((x) => (
            <li key={x.facilityId}>
              <button type="button" className="facility-row" aria-pressed={open?.id === x.facilityId} onClick={() => choose(x)}>
                <Building2 aria-hidden size={22} />
                <span className="door-name"><strong>{x.name}</strong><small>{wording(f.kind, x.kind)}</small></span>
                {x.isShelter && <span className="shelter-mark">{t.locks.shelter}</span>}
                <span>{f.counts(x.rooms.length, x.doors.length)}</span>
                {x.lon === undefined && <small className="bad">{f.noPlace}</small>}
              </button>
            </li>
          ))}
        </ul>
      </section>
      {open && (
        <FacilityForm key={open.n} facility={open.facility} others={facilities.filter((x) => x.facilityId !== open.id)} locks={locks} person={person} onClose={() => setOpen(null)}
          onSaved={(saved) => {
            setOpen({ ...open, id: saved.facilityId });
            onChanged();
          }}
          onRemoved={onChanged} onRenew={onChanged} />
      )}
    </div>
  );
}
