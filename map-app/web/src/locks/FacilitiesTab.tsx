import { Building2, Plus } from 'lucide-react';
import { useState } from 'react';
import { dateTime } from '../format/time';
import { useT, wording } from '../i18n';
import { Failed, Loading } from '../panels/States';
import type { View } from '../state/store';
import { getRemovedFacilities } from './api';
import { FacilityForm } from './FacilityForm';
import type { Facility } from './types';
import { useLoaded } from '../api/useLoaded';

const renewMs = 60_000;

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
  const [looksBack, setLooksBack] = useState(false);
  const locks = view.devices.values().filter((d) => d.properties.kind === 'lock').map((d) => d.properties.device).sort();
  const choose = (facility: Facility | null) => setOpen((now) => ({ facility, id: facility?.facilityId ?? null, n: (now?.n ?? 0) + 1 }));
  return (
    <div className="desk-split" data-side={open !== null}>
      <section className="desk-main">
        <div className="desk-bar">
          <span className="grow" />
          <button type="button" className="button primary" onClick={() => choose(null)}><Plus aria-hidden size={18} /> {f.add}</button>
        </div>
        <ul className="scroll facility-list" aria-label={f.title}>
          {facilities.length === 0 && <li className="desk-none">{t.locks.noFacility}</li>}
          {facilities.map((x) => <FacilityRow key={x.facilityId} facility={x} isOpen={open?.id === x.facilityId} onOpen={() => choose(x)} />)}
        </ul>
        <details className="facility-removed" onToggle={(e) => setLooksBack(e.currentTarget.open)}>
          <summary>{f.removedList}</summary>
          {looksBack && <Removed of={facilities.map((x) => `${x.facilityId} ${x.revision}`).join()} openId={open?.id ?? null} onOpen={choose} />}
        </details>
      </section>
      {open && (
        <FacilityForm key={open.n} facility={open.facility} others={facilities.filter((x) => x.facilityId !== open.id)} locks={locks} person={person} onClose={() => setOpen(null)}
          onChanged={(changed) => {
            setOpen({ ...open, id: changed.facilityId });
            onChanged();
          }}
          onRenew={onChanged} />
      )}
    </div>
  );
}

/** Those that were removed; asked again when the others change. */
function Removed({ of, openId, onOpen }: { of: string; openId: string | null; onOpen: (facility: Facility) => void }) {
  const t = useT();
  const f = t.locks.facilities;
  const { data: removed, failed, renew } = useLoaded(of, getRemovedFacilities, renewMs);
  if (removed === null) return failed ? <Failed title={t.locks.failed} hint={t.locks.failedHint} onRetry={renew} /> : <Loading rows={1} />;
  if (removed.length === 0) return <p className="note">{f.removedNone}</p>;
  return (
    <ul className="facility-list" aria-label={f.removedList}>
      {removed.map((x) => <FacilityRow key={x.facilityId} facility={x} isOpen={openId === x.facilityId} onOpen={() => onOpen(x)} />)}
    </ul>
  );
}

function FacilityRow({ facility: x, isOpen, onOpen }: { facility: Facility; isOpen: boolean; onOpen: () => void }) {
  const t = useT();
  const f = t.locks.facilities;
  return (
    <li>
      <button type="button" className="desk-row" data-removed={x.removedAt !== undefined} aria-pressed={isOpen} onClick={onOpen}>
        <Building2 aria-hidden size={22} />
        <span className="door-name"><strong>{x.name}</strong><small>{x.removedAt ? f.removedAt(dateTime(t, x.removedAt)) : wording(f.kind, x.kind)}</small></span>
        {x.isShelter && <span className="shelter-mark">{t.locks.shelter}</span>}
        <span>{f.counts(x.rooms.length, x.doors.length)}</span>
        {x.lon === undefined && <small className="bad">{f.noPlace}</small>}
      </button>
    </li>
  );
}
