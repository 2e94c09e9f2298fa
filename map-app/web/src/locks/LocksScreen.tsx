import * as Dialog from '@radix-ui/react-dialog';
import * as Tabs from '@radix-ui/react-tabs';
import { BatteryMedium, Building2, CalendarDays, DoorClosed, History, X } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../access/may';
import { useT } from '../i18n';
import { Empty, Failed, Loading } from '../panels/States';
import type { View } from '../state/store';
import { getFacilities } from './api';
import { BatteriesTab } from './BatteriesTab';
import { BookingsTab } from './BookingsTab';
import { DoorsTab } from './DoorsTab';
import { FacilitiesTab } from './FacilitiesTab';
import { LogTab } from './LogTab';
import { useLoaded } from '../api/useLoaded';

const renewMs = 60_000;
const icons = { bookings: CalendarDays, doors: DoorClosed, batteries: BatteryMedium, log: History, facilities: Building2 };

/** Bookings, doors, batteries and who came: over the map, one thing at a time. */
export function LocksScreen({ view, person, onShow }: { view: View; person: string; onShow: (device: string) => void }) {
  const t = useT();
  const mayBook = useMay('locks.book');
  const [tab, setTab] = useState(mayBook ? 'bookings' : 'doors');
  const { data: facilities, failed, renew } = useLoaded('facilities', getFacilities, renewMs);
  const tabs = mayBook ? (['bookings', 'doors', 'batteries', 'log', 'facilities'] as const) : (['doors', 'batteries'] as const);
  return (
    <Tabs.Root className="desk" value={tab} onValueChange={setTab} activationMode="manual">
      <header>
        <Dialog.Title>{t.locks.title}</Dialog.Title>
        <Tabs.List className="desk-tabs" aria-label={t.locks.title}>
          {tabs.map((name) => {
            const Icon = icons[name];
            return (
              <Tabs.Trigger key={name} value={name} className="tab">
                <Icon aria-hidden size={18} /> {t.locks.tabs[name]}
              </Tabs.Trigger>
            );
          })}
        </Tabs.List>
        <Dialog.Close className="tool icon" aria-label={t.locks.close}>
          <X aria-hidden />
        </Dialog.Close>
      </header>
      {failed && facilities !== null && <p className="desk-stale" role="status">{t.locks.failed}</p>}
      {tabs.map((name) => (
        <Tabs.Content key={name} value={name} className="desk-body" tabIndex={-1}>
          {facilities === null ? (
            failed ? <Failed title={t.locks.failed} hint={t.locks.failedHint} onRetry={renew} /> : <Loading />
          ) : name === 'facilities' ? (
            <FacilitiesTab facilities={facilities} view={view} person={person} onChanged={renew} />
          ) : facilities.length === 0 ? (
            <Empty title={t.locks.noFacility} hint={t.locks.noFacilityHint} />
          ) : name === 'bookings' ? (
            <BookingsTab facilities={facilities} person={person} />
          ) : name === 'doors' ? (
            <DoorsTab facilities={facilities} view={view} person={person} onShow={onShow} />
          ) : name === 'batteries' ? (
            <BatteriesTab />
          ) : (
            <LogTab facilities={facilities} />
          )}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
