import { Link2, Pencil, Printer, Redo2, Trash2, Undo2, X } from 'lucide-react';
import { useState, type Dispatch } from 'react';
import { number } from '../format/numbers';
import { useLang } from '../i18n';
import { Swatch } from '../layers/Swatch';
import type { MapLayer } from '../layers/types';
import type { MapController } from '../map/mapController';
import { lengthM, mostPoints, slowMPerMin, walkingMPerMin, type Crossing, type Drawing, type DrawingAction } from './route';
import { usePublicTexts } from './texts';

interface Props {
  controller: MapController | null;
  drawing: Drawing;
  act: Dispatch<DrawingAction>;
  isDrawing: boolean;
  crossed: Crossing[] | null;
  layers: MapLayer[];
  broken: boolean;
  name: string;
  onName: (name: string) => void;
  onDrawing: (on: boolean) => void;
  onShowAll: () => void;
  onPrint: () => void;
}

/** Draw, see what the way is, keep it. */
export function RoutePanel({ controller, drawing, act, isDrawing, crossed, layers, broken, name, onName, onDrawing, onShowAll, onPrint }: Props) {
  const p = usePublicTexts();
  const { points, past, future } = drawing;
  return (
    <section className="public-route" aria-label={p.route}>
      <h2>{p.route}</h2>
      {broken && points.length === 0 && <p className="problem" role="alert">{p.broken}</p>}
      {points.length === 0 && <p>{p.routeWhy}</p>}
      <div className="public-tools">
        <button type="button" className={isDrawing ? 'button' : 'button primary'} aria-pressed={isDrawing} disabled={!controller} onClick={() => onDrawing(!isDrawing)}>
          {isDrawing ? <X aria-hidden size={20} /> : <Pencil aria-hidden size={20} />} {isDrawing ? p.drawing : p.draw}
        </button>
        {isDrawing && <button type="button" className="button" disabled={points.length >= mostPoints} onClick={() => controller && act({ do: 'add', place: controller.middle() })}>{p.centre}</button>}
        <button type="button" className="tool icon" disabled={past.length === 0} onClick={() => act({ do: 'undo' })} aria-label={p.undo} title={p.undo}><Undo2 aria-hidden /></button>
        <button type="button" className="tool icon" disabled={future.length === 0} onClick={() => act({ do: 'redo' })} aria-label={p.redo} title={p.redo}><Redo2 aria-hidden /></button>
        <button type="button" className="tool icon" disabled={points.length === 0} onClick={() => act({ do: 'clear' })} aria-label={p.clear} title={p.clear}><Trash2 aria-hidden /></button>
      </div>
      {isDrawing && <p className="quiet" role="status">{points.length >= mostPoints ? p.full(mostPoints) : p.drawHint}</p>}
      {points.length > 1 && (
        <>
          <RouteFacts points={points} />
          <CrossingList crossed={crossed} layers={layers} />
          {crossed === null && <button type="button" className="button" onClick={onShowAll}>{p.showAll}</button>}
          <label className="field public-name">
            <span>{p.sheetName}</span>
            <input value={name} maxLength={60} autoComplete="off" onChange={(e) => onName(e.currentTarget.value)} />
          </label>
          <div className="public-tools">
            <CopyLink />
            <button type="button" className="button" onClick={onPrint}><Printer aria-hidden size={20} /> {p.print}</button>
          </div>
        </>
      )}
      {isDrawing && points.length > 0 && (
        <ol className="public-points">
          {points.map((_, at) => {
            const what = p.point(at + 1, points.length);
            return (
              <li key={at}>
                <span>{what}</span>
                <button type="button" className="tool icon" onClick={() => act({ do: 'remove', at })} aria-label={p.remove(what)} title={p.remove(what)}><X aria-hidden size={18} /></button>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

export function RouteFacts({ points }: { points: Drawing['points'] }) {
  const p = usePublicTexts();
  const metres = lengthM(points);
  const minutes = (pace: number) => number(Math.max(1, Math.ceil(metres / pace)));
  return (
    <>
      <dl className="public-facts">
        <div><dt>{p.length}</dt><dd>{p.metres(metres)}</dd></div>
        <div><dt>{p.walking}</dt><dd>{p.minutes(minutes(walkingMPerMin))}<br /><small>{p.slow(minutes(slowMPerMin))}</small></dd></div>
      </dl>
      <p className="quiet">{p.pace}</p>
    </>
  );
}

export function CrossingList({ crossed, layers }: { crossed: Crossing[] | null; layers: MapLayer[] }) {
  const p = usePublicTexts();
  const lang = useLang();
  return (
    <div className="public-crossings" aria-live="polite">
      <h3>{p.crosses}</h3>
      {crossed === null && <p>{p.crossesLook}</p>}
      {crossed?.length === 0 && <p>{p.crossesNone}</p>}
      {crossed !== null && crossed.length > 0 && (
        <>
          <ul>
            {crossed.map((c) => {
              const layer = layers.find((l) => l.layerId === c.layerId);
              const known = layer?.classTable?.classes.find((k) => k.key === c.key);
              return (
                <li key={`${c.layerId}/${c.key}`}>
                  {known && <Swatch colour={known.colour} pattern={known.pattern} />}
                  <span><strong>{known?.[lang] ?? c.key}</strong> {layer?.title}</span>
                  <span className="public-metres">{p.metres(c.lengthM)}</span>
                </li>
              );
            })}
          </ul>
          <p className="quiet">{p.crossesHow}</p>
        </>
      )}
    </div>
  );
}

function CopyLink() {
  const p = usePublicTexts();
  const [said, setSaid] = useState('');
  return (
    <>
      <button type="button" className="button" onClick={() => void navigator.clipboard.writeText(window.location.href).then(() => setSaid(p.copied), () => setSaid(p.copyFailed))}>
        <Link2 aria-hidden size={20} /> {p.copy}
      </button>
      <span role="status" className="quiet">{said}</span>
    </>
  );
}
