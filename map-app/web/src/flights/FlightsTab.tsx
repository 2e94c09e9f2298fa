import { Upload } from 'lucide-react';
import { number } from '../format/numbers';
import { clock, dateTime } from '../format/time';
import { useT } from '../i18n';
import { Empty, Failed, Loading } from '../panels/States';
import type { Selection } from '../state/ui';
import { FlightDetail } from './FlightDetail';
import { FlawMark } from './marks';
import { flawCounts, looked, received, type Flight } from './types';
import type { Asked, Flights } from './useFlights';

interface Props {
  flights: Flights;
  chosenPhoto: string | null;
  onSelect: (selection: Selection) => void;
  onShowGap: (index: number) => void;
  /** null: the role brings no photos in */
  onUpload: (() => void) | null;
}

/** What was flown, the latest first; or one flight with all that is wrong with it. */
export function FlightsTab(props: Props) {
  const { list, chosen, choose, retry } = props.flights;
  const t = useT();
  if (chosen) return <FlightDetail key={chosen.flightId} {...props} />;
  if (list.data === null) return list.failed ? <Failed title={t.flights.failed} hint={t.list.failedHint} onRetry={retry} /> : <Loading />;
  if (list.data.length === 0)
    return (
      <div className="scroll">
        <UploadButton onUpload={props.onUpload} />
        <Empty title={t.flights.none} hint={t.flights.noneHint} />
      </div>
    );
  return (
    <div className="scroll">
      <UploadButton onUpload={props.onUpload} />
      <Stale asked={list} />
      <ul className="rows">
        {list.data.map((flight) => (
          <li key={flight.flightId}>
            <FlightRow flight={flight} onOpen={() => choose(flight.flightId)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function UploadButton({ onUpload }: Pick<Props, 'onUpload'>) {
  const t = useT();
  if (!onUpload) return null;
  return <button type="button" className="button flight-upload" onClick={onUpload}><Upload aria-hidden size={18} /> {t.flights.upload}</button>;
}

/** Says since when what is shown is old. */
export function Stale({ asked }: { asked: Asked<unknown> }) {
  const t = useT();
  if (!asked.failed || asked.at === null) return null;
  return (
    <p className="note flight-stale" role="status">
      {t.flights.stale(clock(t, asked.at))}
    </p>
  );
}

function FlightRow({ flight, onOpen }: { flight: Flight; onOpen: () => void }) {
  const t = useT();
  const title = t.flights.until(dateTime(t, flight.firstAt), clock(t, new Date(flight.lastAt)));
  return (
    <button type="button" className="row flight-row" onClick={onOpen}>
      <span className="row-main">
        <span className="row-title">{title}</span>
        <span className="row-note">
          {t.flights.photos(number(flight.photoCount))}　<span className="quiet">{flight.device}</span>
        </span>
        <Progress flight={flight} />
        <FlawCounts flight={flight} />
      </span>
    </button>
  );
}

/** Two bars in one, and the same in words. */
export function Progress({ flight }: { flight: Flight }) {
  const t = useT();
  const share = (n: number) => `${(100 * n) / Math.max(1, flight.photoCount)}%`;
  const done = looked(flight) === flight.photoCount;
  return (
    <>
      {!done && (
        <span className="flight-progress" aria-hidden>
          <span style={{ width: share(received(flight)) }} />
          <span style={{ width: share(looked(flight)) }} data-looked />
        </span>
      )}
      {!done && <span className="row-note">{t.flights.progress(number(received(flight)), number(looked(flight)), number(flight.photoCount))}</span>}
      {(flight.queueDepth ?? 0) > 0 && <span className="row-note">{t.flights.queue(number(flight.queueDepth!))}</span>}
    </>
  );
}

function FlawCounts({ flight }: { flight: Flight }) {
  const t = useT();
  const counts = flawCounts(flight);
  if (counts.length === 0) return null;
  return (
    <span className="flaw-counts">
      {counts.map(([flaw, n]) => (
        <span key={flaw}>
          <FlawMark flaw={flaw} /> {t.flights.flaw[flaw]} {number(n)}
        </span>
      ))}
    </span>
  );
}
