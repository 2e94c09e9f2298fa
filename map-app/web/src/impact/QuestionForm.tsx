import { Pentagon, X } from 'lucide-react';
import { useMay } from '../access/may';
import type { SketchKind, useSketch } from '../draw/useSketch';
import { useLang, useT, wording } from '../i18n';
import { byKind } from '../layers/shown';
import type { LayerList, MapLayer } from '../layers/types';
import { hazardKinds, type HazardClass, type Question, type Register, type Ring } from './types';

interface Props {
  layers: LayerList;
  register: Register;
  question: Question;
  change: (part: Partial<Question>) => void;
  /** of the answer; empty before the first */
  classes: HazardClass[];
  sketch: ReturnType<typeof useSketch>;
  drawing: SketchKind | null;
  onDraw: (on: boolean) => void;
  /** areas that people drew on the board */
  drawn: Ring[];
}

/** What is asked. Nothing has to be sent: the answer follows each choice. */
export function QuestionForm({ layers, register, question: q, change, classes, sketch, drawing, onDraw, drawn }: Props) {
  const t = useT();
  const w = t.impact;
  const lang = useLang();
  const maySee = useMay('residents.view');
  const of = (kind: string) => layers.layers.filter((l) => l.kind === kind);
  const isArea = (l: MapLayer) => l.geometryType.includes('Polygon');
  const hazards = byKind(hazardKinds, layers.layers.filter((l) => hazardKinds.includes(l.kind) && isArea(l)));
  const areas = hazards.flatMap(([, some]) => some);
  const toggle = (id: string, on: boolean) => change({ layers: on ? [...q.layers, id] : q.layers.filter((l) => l !== id), leastClass: 1 });
  const kinds = Object.keys(w.hazardKinds) as (keyof typeof w.hazardKinds)[];
  return (
    <div className="impact-form">
      <fieldset>
        <legend>{w.hazards}</legend>
        {hazards.length === 0 && <p className="quiet">{w.noHazards}</p>}
        {hazards.map(([kind, some]) => (
          <details key={kind} open={some.length <= 3 || some.some((l) => q.layers.includes(l.layerId))}>
            <summary>{wording(t.imported.kind, kind)}</summary>
            {some.length > 1 && (
              <Check on={some.every((l) => q.layers.includes(l.layerId))} text={w.all(wording(t.imported.kind, kind))} onChange={(on) => change({ layers: [...q.layers.filter((id) => !some.some((l) => l.layerId === id)), ...(on ? some.map((l) => l.layerId) : [])], leastClass: 1 })} />
            )}
            {some.map((l) => <Check key={l.layerId} on={q.layers.includes(l.layerId)} text={l.title} note={l.withdrawnOn ? t.imported.withdrawn(l.withdrawnOn) : undefined} onChange={(on) => toggle(l.layerId, on)} />)}
          </details>
        ))}
      </fieldset>
      {classes.length > 2 && (
        <Pick label={w.threshold} value={String(q.leastClass)} onChange={(v) => change({ leastClass: Number(v) })} options={classes.filter((c) => c.number > 0).map((c) => [String(c.number), w.orMore(c[lang])])} />
      )}
      <Pick label={w.by} value={q.by ?? ''} onChange={(v) => change({ by: v || null })} options={[['', w.byNone], ...(register.columns.includes('association') ? [['register', w.byRegister] as [string, string]] : []), ...of('boundary').filter(isArea).map((l): [string, string] => [l.layerId, l.title])]} />
      <fieldset>
        <legend>{w.own}</legend>
        {drawing === null ? (
          <button type="button" className="button" onClick={() => onDraw(true)}><Pentagon aria-hidden size={18} /> {w.draw}</button>
        ) : (
          <>
            <p className="quiet" role="status">{w.drawing}</p>
            <div className="impact-buttons">
              <button type="button" className="button" onClick={() => sketch.addMiddle()}>{w.middle}</button>
              <button type="button" className="button" disabled={sketch.points.length === 0} onClick={sketch.back}>{w.back}</button>
              <button type="button" className="button" disabled={!sketch.enough} onClick={sketch.finish}>{w.finish}</button>
              <button type="button" className="button" onClick={() => onDraw(false)}>{w.stop}</button>
            </div>
          </>
        )}
        {drawn.length > 0 && <Pick label={w.fromBoard} value="" onChange={(v) => v && change({ own: [...q.own, drawn[Number(v)]!] })} options={[['', w.none], ...drawn.map((d, i): [string, string] => [String(i), d.name])]} />}
        {q.own.map((o, i) => (
          <Chosen key={i} name={o.name} remove={w.remove(o.name)} onRemove={() => change({ own: q.own.filter((_, k) => k !== i) })} />
        ))}
      </fieldset>
      <details>
        <summary>{w.more}</summary>
        <Check on={q.meshDigits !== null} text={w.mesh} onChange={(on) => change({ meshDigits: on ? 10 : null })} />
        <Pick label={w.older} value="" onChange={(v) => v && change({ olderLayers: [...q.olderLayers, v] })} options={[['', q.olderLayers.length > 0 ? w.another : w.none], ...areas.filter((l) => !q.layers.includes(l.layerId) && !q.olderLayers.includes(l.layerId)).map((l): [string, string] => [l.layerId, l.title])]} />
        {areas.filter((l) => q.olderLayers.includes(l.layerId)).map((l) => <Chosen key={l.layerId} name={l.title} remove={w.remove(l.title)} onRemove={() => change({ olderLayers: q.olderLayers.filter((o) => o !== l.layerId) })} />)}
        {of('shelter').length > 0 && (
          <>
            <Check on={q.shelters !== null} text={w.shelters} onChange={(on) => change({ shelters: on ? { layers: of('shelter').map((l) => l.layerId), hazard: 'flood' } : null })} />
            {q.shelters && <Pick label={w.shelterHazard} value={q.shelters.hazard} onChange={(hazard) => change({ shelters: { ...q.shelters!, hazard } })} options={kinds.map((k): [string, string] => [k, w.hazardKinds[k]])} />}
          </>
        )}
        {of('facility').length > 0 && <Check on={q.facilities.length > 0} text={w.facilities} onChange={(on) => change({ facilities: on ? of('facility').map((l) => l.layerId) : [] })} />}
        <Pick label={w.near} value={q.near?.layer ?? ''} onChange={(layer) => change({ near: layer ? { layer, withinM: 300 } : null })} options={[['', w.none], ...layers.layers.filter((l) => l.geometryType.includes('Point')).map((l): [string, string] => [l.layerId, l.title])]} />
      </details>
      {maySee && <Check on={q.exact} text={w.exact} onChange={(exact) => change({ exact })} />}
    </div>
  );
}

/** Something that was chosen or drawn, and can be taken away again. */
function Chosen({ name, remove, onRemove }: { name: string; remove: string; onRemove: () => void }) {
  return (
    <p className="impact-ring">
      {name}
      <button type="button" className="tool icon" aria-label={remove} title={remove} onClick={onRemove}><X aria-hidden size={18} /></button>
    </p>
  );
}

function Check({ on, text, note, onChange }: { on: boolean; text: string; note?: string | undefined; onChange: (on: boolean) => void }) {
  return (
    <label className="impact-check">
      <input type="checkbox" checked={on} onChange={(e) => onChange(e.target.checked)} />
      <span>{text}{note && <small className="withdrawn">{note}</small>}</span>
    </label>
  );
}

function Pick({ label, value, options, onChange }: { label: string; value: string; options: [string, string][]; onChange: (value: string) => void }) {
  return (
    <label className="field">
      <span>{label}</span>
      <select className="input" value={value} onChange={(e) => onChange(e.target.value)}>
        {options.map(([v, text]) => <option key={v} value={v}>{text}</option>)}
      </select>
    </label>
  );
}
