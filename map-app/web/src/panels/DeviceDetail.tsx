import { useEffect } from 'react';
import { getTelemetry } from '../api/client';
import { number } from '../format/numbers';
import { ago, dateTime } from '../format/time';
import { measured, measureName } from '../format/units';
import { useT, wording } from '../i18n';
import { deviceKind } from '../map/sources';
import type { FieldStore, View } from '../state/store';
import { useNow } from '../useNow';
import { DeviceIcon } from './Badge';
import { Fact } from './facts';
import { Empty, Loading } from './States';

const latestEvents = 10;
const historyHours = 24;

/** Brings in what the device said before this page was opened. Without an answer the live values still show. */
function useHistory(store: FieldStore, device: string) {
  useEffect(() => {
    const abort = new AbortController();
    getTelemetry(device, historyHours, abort.signal).then(
      (measurements) => store.applyLive({ kind: 'telemetry', device, measurements }),
      () => undefined,
    );
    return () => abort.abort();
  }, [store, device]);
}

/** A device: is it alive, how long will it last, what does it say. */
export function DeviceDetail({ view, store, device }: { view: View; store: FieldStore; device: string }) {
  const t = useT();
  useHistory(store, device);
  const now = useNow();
  const p = view.devices.get(device)?.properties;
  if (!p) return view.load.devices === 'loading' ? <Loading /> : <Empty title={t.drawer.gone} hint={t.drawer.goneHint} />;
  const kind = deviceKind(p.kind);
  const series = [...(view.telemetry.get(device)?.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
  const events = view.events
    .values()
    .filter((e) => e.properties.device === device)
    .sort((a, b) => b.properties.revision - a.properties.revision)
    .slice(0, latestEvents);
  return (
    <>
      <section className="facts">
        <div className="facts-head">
          <DeviceIcon kind={kind} online={p.state === 'online'} />
          <h3>{p.device}</h3>
          <span className="quiet">{t.deviceKind[kind]}</span>
        </div>
        <dl className="measures">
          <Fact name={t.field.state}>{wording(t.deviceState, p.state)}</Fact>
          <Fact name={t.field.lastSeen}>
            <span title={dateTime(t, p.lastSeenAt)}>{ago(t, p.lastSeenAt, now)}</span>
          </Fact>
          {p.batteryPercent != null && <Fact name={t.field.battery} unit="%">{number(p.batteryPercent)}</Fact>}
          {p.queueDepth != null && <Fact name={t.field.queue} unit={t.unit.items}>{number(p.queueDepth)}</Fact>}
          {p.firmware && <Fact name={t.field.firmware}>{p.firmware}</Fact>}
        </dl>
      </section>
      <section className="facts">
        <h3>{t.field.latest}</h3>
        {series.length === 0 && <p className="note">{t.field.noTelemetry}</p>}
        <dl>
          {series.map((m) => {
            const { text, unit } = measured(m);
            return (
              <Fact key={m.name} name={measureName(m.name)} unit={unit}>
                {text}
              </Fact>
            );
          })}
        </dl>
      </section>
      <section className="facts">
        <h3>{t.field.events}</h3>
        {events.length === 0 && <p className="note">{t.field.noEvents}</p>}
        <dl>
          {events.map((e) => (
            <Fact key={e.properties.revision} name={e.properties.kind}>
              {ago(t, e.properties.time, now)}
            </Fact>
          ))}
        </dl>
      </section>
    </>
  );
}
