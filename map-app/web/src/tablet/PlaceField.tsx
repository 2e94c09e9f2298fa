import { Crosshair, Keyboard, MapPin, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Place } from '../edge/types';
import { number } from '../format/numbers';
import { useT } from '../i18n';
import type { Position } from './usePosition';

const roughM = 50;

interface Props {
  place: Place | null;
  position: Position;
  onPlace: (place: Place) => void;
  onMap: () => void;
}

/** Where it is: there already, with how sure it is; corrected on the map or in figures. */
export function PlaceField({ place, position, onPlace, onMap }: Props) {
  const t = useT();
  const r = t.tablet.report;
  const [byHand, setByHand] = useState(false);
  const shown = place ?? position.fix;
  const accuracy = shown?.accuracyM ?? null;
  const words = { gps: r.here(number(Math.max(1, Math.round(accuracy ?? 0)))), map: r.byMap, hand: r.byHand, asset: r.byAsset };
  return (
    <section className="report-place" aria-label={r.place}>
      <p className="place-now" role="status">
        <MapPin aria-hidden size={24} />
        <span>
          <strong>{shown ? words[shown.by] : position.denied ? r.denied : r.locating}</strong>
          {shown && <small>{`${shown.lat.toFixed(5)}, ${shown.lon.toFixed(5)}`}</small>}
          {shown?.by === 'gps' && accuracy !== null && accuracy > roughM && (
            <small className="warn">
              <TriangleAlert aria-hidden size={16} /> {r.rough}
            </small>
          )}
        </span>
      </p>
      <div className="place-buttons">
        <button type="button" className="button" onClick={() => position.fix && onPlace(position.fix)} disabled={!position.fix}>
          <Crosshair aria-hidden size={20} /> {r.useHere}
        </button>
        <button type="button" className="button" onClick={onMap}>
          <MapPin aria-hidden size={20} /> {r.useMap}
        </button>
        <button type="button" className="button" onClick={() => setByHand(!byHand)} aria-expanded={byHand}>
          <Keyboard aria-hidden size={20} /> {r.useHand}
        </button>
      </div>
      {byHand && (
        <ByHand
          at={shown}
          onPlace={(set) => {
            setByHand(false);
            onPlace(set);
          }}
        />
      )}
    </section>
  );
}

function ByHand({ at, onPlace }: { at: Place | null; onPlace: (place: Place) => void }) {
  const t = useT();
  const r = t.tablet.report;
  const [lat, setLat] = useState(at ? at.lat.toFixed(6) : '');
  const [lon, setLon] = useState(at ? at.lon.toFixed(6) : '');
  const [bad, setBad] = useState(false);
  const set = () => {
    const place = { lon: Number(lon), lat: Number(lat), accuracyM: null, by: 'hand' as const };
    const good = lon.trim() !== '' && lat.trim() !== '' && Math.abs(place.lon) <= 180 && Math.abs(place.lat) <= 90;
    setBad(!good);
    if (good) onPlace(place);
  };
  return (
    <div className="by-hand">
      <label>
        {r.lat}
        <input inputMode="decimal" value={lat} onChange={(e) => setLat(e.target.value)} aria-invalid={bad} />
      </label>
      <label>
        {r.lon}
        <input inputMode="decimal" value={lon} onChange={(e) => setLon(e.target.value)} aria-invalid={bad} />
      </label>
      <button type="button" className="button primary" onClick={set}>
        {r.set}
      </button>
      {bad && (
        <p role="alert" className="field-problem">
          {r.badPlace}
        </p>
      )}
    </div>
  );
}
