import { Crosshair, MapPin, Trash2 } from 'lucide-react';
import type { Position } from 'geojson';
import { number } from '../format/numbers';
import { useT } from '../i18n';
import type { Home } from './form';

export type Tapping = 'home' | 'axis' | null;

interface Buttons {
  tapping: boolean;
  onTap: (on: boolean) => void;
  onMiddle: () => void;
}

/** Places are put on the map with a finger, or at its middle with the keyboard. */
function PlaceButtons({ tapping, onTap, onMiddle }: Buttons) {
  const t = useT();
  return (
    <div className="route-buttons">
      <button type="button" className={tapping ? 'button primary' : 'button'} aria-pressed={tapping} onClick={() => onTap(!tapping)}>
        <MapPin aria-hidden size={18} /> {tapping ? t.routes.done : t.routes.place}
      </button>
      <button type="button" className="button" onClick={onMiddle}>
        <Crosshair aria-hidden size={18} /> {t.routes.middle}
      </button>
      <p className="note" role="status">
        {tapping && t.routes.placing}
      </p>
    </div>
  );
}

interface HomesProps extends Buttons {
  homes: Home[];
  invalid: string[];
  onChange: (homes: Home[]) => void;
}

/** Where the pilot stands, with the elevation that heights count from. */
export function Homes({ homes, invalid, onChange, ...buttons }: HomesProps) {
  const t = useT();
  return (
    <fieldset className="route-group">
      <legend>{t.routes.homes}</legend>
      {homes.length === 0 && <p className="note">{t.routes.homesNone}</p>}
      <ol className="route-homes">
        {homes.map((home, i) => {
          const name = t.routes.home(number(i + 1));
          return (
            <li key={`${home.lon},${home.lat}`}>
              <span>
                <strong>H{i + 1}</strong>{' '}
                <small>
                  {home.lat.toFixed(5)}, {home.lon.toFixed(5)}
                </small>
              </span>
              <span className="route-input">
                <input
                  inputMode="decimal"
                  autoComplete="off"
                  aria-label={`${name} ${t.routes.ground}`}
                  placeholder={t.routes.ground}
                  aria-invalid={invalid.includes(`home${i}`)}
                  value={home.ground}
                  onChange={(e) => onChange(homes.map((h, at) => (at === i ? { ...h, ground: e.target.value } : h)))}
                />
                <span className="unit">m</span>
              </span>
              <button type="button" className="tool icon" aria-label={t.routes.remove(name)} title={t.routes.remove(name)} onClick={() => onChange(homes.filter((_, at) => at !== i))}>
                <Trash2 aria-hidden />
              </button>
            </li>
          );
        })}
      </ol>
      <PlaceButtons {...buttons} />
    </fieldset>
  );
}

interface AxisProps extends Buttons {
  axis: Position[];
  onClear: () => void;
}

/** The ends of a bridge that is only a point in the ledger. */
export function Axis({ axis, onClear, ...buttons }: AxisProps) {
  const t = useT();
  return (
    <fieldset className="route-group">
      <legend>{t.routes.axis}</legend>
      <p className="note">{axis.length === 0 ? t.routes.axisHint : t.routes.axisCount(number(axis.length))}</p>
      <PlaceButtons {...buttons} />
      {axis.length > 0 && (
        <button type="button" className="button" onClick={onClear}>
          <Trash2 aria-hidden size={18} /> {t.routes.clear}
        </button>
      )}
    </fieldset>
  );
}
