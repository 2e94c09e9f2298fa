import * as Dialog from '@radix-ui/react-dialog';
import { useEffect, useEffectEvent, useState } from 'react';
import { useAsked } from '../api/useAsked';
import { useLoaded } from '../api/useLoaded';
import { number } from '../format/numbers';
import { useLang, useT, wording } from '../i18n';
import { Choice } from '../panels/Choice';
import { cancelImport, checkUpload, getPresets, importState, inspect, removeLayer, restoreLayer, startImport, upload, type ImportJob, type Inspection, type Presets } from './importApi';
import { ClassEditor } from './ClassEditor';
import { formOf, tableOf, withRow, type TableForm } from './classForm';
import { bodyOf, firstForm, kindOf, layerOf, missing, ownClasses, refilled, type ImportForm } from './importForm';
import { ImportFrame, Notes } from './ImportFrame';
import type { MapLayer } from './types';

const pollMs = 400;
const renewMs = 60_000;

interface Props {
  open: boolean;
  onClose: () => void;
  /** something was imported or taken back */
  onChanged: (layer: MapLayer | null) => void;
}

/** Brings a layer in: choose a file, see what was recognised, say what is missing, import, take back. */
export function ImportDialog({ open, onClose, onChanged }: Props) {
  const t = useT();
  return (
    <ImportFrame open={open} onClose={onClose} title={t.imported.import.title}>
      <Steps onChanged={onChanged} />
    </ImportFrame>
  );
}

function Steps({ onChanged }: Pick<Props, 'onChanged'>) {
  const t = useT();
  const i = t.imported.import;
  const [seen, setSeen] = useState<Inspection | null>(null);
  const [form, setForm] = useState<ImportForm | null>(null);
  const [table, setTable] = useState<TableForm | null>(null);
  const [job, setJob] = useState<ImportJob | null>(null);
  const { data: presets, failed } = useLoaded('presets', getPresets, renewMs);
  const { busy, said, run, forget } = useAsked();
  const wrong = said?.text ?? (failed && !presets ? t.noAnswer : null);

  const choose = (file: File) =>
    run(() => upload(file), (next) => {
      setSeen(next);
      setForm(firstForm(next));
      setTable(null);
      setJob(null);
    });
  useProgress(job, (next) => {
    setJob(next);
    if (next.state === 'done') onChanged(next.layer ?? null);
  });

  const again = () => {
    setSeen(null);
    setForm(null);
    setJob(null);
    forget();
  };
  return (
    <div className="import-body">
      <Dialog.Description>{i.why}</Dialog.Description>
      {wrong && <p className="import-error" role="alert">{wrong}</p>}
      {!seen && (
        <label className="import-drop" onDragOver={(e) => e.preventDefault()} onDrop={(e) => {
          e.preventDefault();
          const file = e.dataTransfer.files[0];
          if (file) void choose(file);
        }}>
          <span>{busy ? i.reading : i.choose}</span>
          <span className="quiet">{i.kinds}</span>
          <input type="file" accept=".geojson,.json,.gpkg,.kml,.kmz,.csv,.zip" disabled={busy} onChange={(e) => e.currentTarget.files?.[0] && void choose(e.currentTarget.files[0])} />
        </label>
      )}
      {seen && form && !job && (
        <Review
          {...{ seen, form, presets, busy, table }}
          onForm={setForm}
          onTable={setTable}
          onLookAgain={(next) => void run(() => inspect(seen.uploadId, bodyOf(seen, next)), (found) => {
            setSeen(found);
            // what was typed while the server looked stays; a file that can be read only now says more
            if (seen.layers.length === 0) setForm((typed) => typed && refilled(found, typed));
          })}
          onStart={() => void run(() => startImport(bodyOf(seen, form, table && tableOf(table))), setJob)}
          onAgain={again}
        />
      )}
      {job && <Outcome job={job} busy={busy} onAgain={again} onEdit={() => setJob(null)} onCancel={() => void run(() => cancelImport(job.importId), setJob)}
        onUndo={(layer) => void run(() => (layer.canRestore ? restoreLayer(layer.layerId) : removeLayer(layer.layerId)), () => {
          onChanged(null);
          again();
        })} />}
    </div>
  );
}

/** Asks how the import is going until it has ended. */
function useProgress(job: ImportJob | null, onNews: (job: ImportJob) => void): void {
  const news = useEffectEvent(onNews);
  const [attempt, setAttempt] = useState(0);
  const running = job?.state === 'running' ? job.importId : null;
  useEffect(() => {
    if (running === null) return;
    const timer = setTimeout(() => {
      importState(running).then((next) => news(next), () => undefined).finally(() => setAttempt((n) => n + 1));
    }, pollMs);
    return () => clearTimeout(timer);
  }, [running, attempt]);
}

interface ReviewProps {
  seen: Inspection;
  form: ImportForm;
  presets: Presets | null;
  busy: boolean;
  table: TableForm | null;
  onForm: (form: ImportForm) => void;
  onTable: (table: TableForm) => void;
  onLookAgain: (form: ImportForm) => void;
  onStart: () => void;
  onAgain: () => void;
}

function Review({ seen, form, presets, busy, table, onForm, onTable, onLookAgain, onStart, onAgain }: ReviewProps) {
  const t = useT();
  const lang = useLang();
  const i = t.imported.import;
  const layer = layerOf(seen, form);
  const lacking = missing(seen, form);
  const [bad, setBad] = useState(true);
  const isOwn = form.preset === ownClasses;
  const isBad = isOwn && form.classField !== '' && bad;
  const set = (part: Partial<ImportForm>) => onForm({ ...form, ...part });
  const look = (part: Partial<ImportForm>) => {
    const next = { ...form, ...part };
    onForm(next);
    onLookAgain(next);
  };
  const text = (name: keyof ImportForm, type = 'text') => (
    <label className="field">
      <span>{i.fields[name]}</span>
      <input type={type} value={form[name]} maxLength={500} onChange={(e) => set({ [name]: e.currentTarget.value })} />
    </label>
  );
  const columns: [string, string][] = [['', i.none], ...(layer?.fields.map((f): [string, string] => [f.name, f.name]) ?? [])];
  const preset = presets?.presets.find((p) => p.name === form.preset);
  return (
    <form onSubmit={(e) => {
      e.preventDefault();
      if (lacking.length === 0 && !isBad) onStart();
    }}>
      <section className="import-seen">
        <h3>{seen.fileName}</h3>
        {seen.problem && <p className="import-error">{seen.problem}</p>}
        {layer && <p>{[layer.geometryType, i.rows(number(layer.featureCount)), layer.epsg === undefined ? i.noSystem : `EPSG:${layer.epsg}`].join('・')}</p>}
        <Notes notes={layer?.problems ?? []} />
        {layer && layer.fields.length > 0 && (
          <details>
            <summary>{i.fieldList(number(layer.fields.length))}</summary>
            <dl>{layer.fields.map((f) => <div key={f.name}><dt>{f.name}</dt><dd>{f.samples.join('、')}</dd></div>)}</dl>
          </details>
        )}
      </section>
      {seen.layers.length > 1 && <Choice label={i.fields.layer} value={form.layer} options={seen.layers.map((l) => [l.name, l.name])} onChange={(name) => set({ layer: name, title: name })} />}
      {(seen.problem || form.encoding) && <Choice label={i.fields.encoding} value={form.encoding} options={[['', i.askEncoding], ['Shift_JIS', 'Shift_JIS'], ['UTF-8', 'UTF-8']]} onChange={(encoding) => look({ encoding })} />}
      {layer?.needsPlace && (
        <div className="import-row">
          <Choice label={i.fields.eastColumn} value={form.eastColumn} options={columns} onChange={(eastColumn) => set({ eastColumn })} />
          <Choice label={i.fields.northColumn} value={form.northColumn} options={columns} onChange={(northColumn) => set({ northColumn })} />
          <Choice label={i.fields.meshField} value={form.meshField} options={columns} onChange={(meshField) => set({ meshField })} />
        </div>
      )}
      {layer && !form.meshField && (layer.epsg === undefined || form.crs) && (
        <label className="field">
          <span>{i.fields.crs}</span>
          <input inputMode="numeric" value={form.crs} onChange={(e) => set({ crs: e.currentTarget.value })} onBlur={() => /^\d{4,5}$/.test(form.crs) && !layer.needsPlace && onLookAgain(form)} />
          <small className="quiet">{i.crsHint}</small>
        </label>
      )}
      <div className="import-row">
        {text('title')}
        <Choice label={i.fields.kind} value={kindOf(form, presets)} options={(presets?.kinds ?? []).map((k) => [k, wording(t.imported.kind, k)])} onChange={(kind) => set({ kind })} />
        <Choice label={i.fields.dataClass} value={form.dataClass} options={(presets?.dataClasses ?? []).map((c) => [c, wording(i.dataClass, c)])} onChange={(dataClass) => set({ dataClass })} />
      </div>
      <div className="import-row">
        <Choice label={i.fields.preset} value={form.preset} options={[['', i.none], ...(presets?.presets ?? []).map((p): [string, string] => [p.name, p[lang]]), [ownClasses, t.imported.classes.own]]} onChange={(name) => {
          if (name === ownClasses) onTable(formOf(preset?.classTable ?? null, form.classField)); // what was chosen before is where a person begins
          set({ preset: name, kind: presets?.presets.some((p) => p.name === name) ? '' : kindOf(form, presets) });
        }} />
        <Choice label={i.fields.classField} value={form.classField} options={[['', i.none], ...(layer?.fields ?? []).filter((f) => f.canBeClass || isOwn).map((f): [string, string] => [f.name, `${f.name}（${f.samples.slice(0, 3).join('、')}）`])]} onChange={(classField) => {
          set({ classField, classValue: '' });
          if (isOwn) onTable({ ...(table ?? formOf(null, classField)), field: classField });
        }} />
        {preset && !form.classField && <Choice label={i.fields.classValue} value={form.classValue} options={[['', i.none], ...preset.classTable.classes.map((c): [string, string] => [c.key, c[lang]])]} onChange={(classValue) => set({ classValue })} />}
      </div>
      {isOwn && form.classField && <ClassEditor form={table ?? withRow(formOf(null, form.classField))} fields={layer?.fields.map((f) => f.name) ?? []} onForm={(next) => {
        onTable(next);
        if (next.field !== form.classField) set({ classField: next.field });
      }} check={(classTable) => checkUpload(seen.uploadId, { ...bodyOf(seen, form), classTable })} onBad={setBad} />}
      <div className="import-row">{text('source')}{text('sourceDate', 'date')}{text('licence')}</div>
      <div className="import-row">{text('attribution')}{text('withdrawnOn', 'date')}</div>
      <div className="form-foot">
        {lacking.length > 0 && <p role="status">{i.lacking(lacking.map((m) => i.missing[m]).join('、'))}</p>}
        <button type="button" className="button" onClick={onAgain}>{i.other}</button>
        <button type="submit" className="button primary" disabled={busy || lacking.length > 0 || isBad}>{i.start}</button>
      </div>
    </form>
  );
}

function Outcome({ job, busy, onAgain, onEdit, onCancel, onUndo }: { job: ImportJob; busy: boolean; onAgain: () => void; onEdit: () => void; onCancel: () => void; onUndo: (layer: MapLayer) => void }) {
  const t = useT();
  const i = t.imported.import;
  const { layer } = job;
  return (
    <section className="import-outcome" aria-live="polite">
      <h3>{i.state[job.state]}</h3>
      {job.state === 'running' && (
        <>
          <progress max={Math.max(1, job.total)} value={job.rows} aria-label={i.state.running} />
          <p>{`${number(job.rows)} / ${number(job.total)}`}</p>
          <button type="button" className="button" onClick={onCancel}>{i.cancel}</button>
        </>
      )}
      {job.error && <p className="import-error">{job.error}</p>}
      {layer && <p>{job.isUnchanged ? i.unchanged(layer.title) : i.result(layer.title, number(layer.featureCount), number(layer.repairedCount), number(layer.refusedCount))}</p>}
      <Notes notes={[...(job.faults ?? []), ...(job.notes ?? [])]} />
      {job.state !== 'running' && (
        <div className="form-foot">
          {layer && !job.isUnchanged && <button type="button" className="button" disabled={busy} onClick={() => onUndo(layer)}>{i.undo}</button>}
          {!layer && <button type="button" className="button" onClick={onEdit}>{i.edit}</button>}
          <button type="button" className="button primary" onClick={onAgain}>{i.next}</button>
        </div>
      )}
    </section>
  );
}
