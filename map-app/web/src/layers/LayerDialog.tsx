import * as Dialog from '@radix-ui/react-dialog';
import { TriangleAlert } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import type { Answer } from '../api/answer';
import { useAsked } from '../api/useAsked';
import { dateTime } from '../format/time';
import { useT, wording } from '../i18n';
import { Choice } from '../panels/Choice';
import { Failed, Loading } from '../panels/States';
import { ClassEditor } from './ClassEditor';
import { formOf, tableOf, type TableForm } from './classForm';
import { changeLayer, checkLayer, getLayer, removeLayer, restoreLayer } from './importApi';
import { changesOf, dependents, valuesOf, type LayerValues } from './layerForm';
import type { MapLayer } from './types';

const dataClasses = ['public', 'internal', 'resident', 'tax'];

interface Props {
  layerId: string;
  kinds: string[];
  onClose: () => void;
  /** it is otherwise now, for everybody */
  onChanged: () => void;
  onRemoved: (layer: MapLayer) => void;
}

/** What is known of a layer: changed, taken back to how it was, or taken off the map. */
export function LayerDialog({ layerId, kinds, onClose, onChanged, onRemoved }: Props) {
  const e = useT().imported.edit;
  const [layer, setLayer] = useState<MapLayer | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    getLayer(layerId, abort.signal).then(setLayer, () => abort.signal.aborted || setFailed(true));
    return () => abort.abort();
  }, [layerId, attempt]);
  const again = () => {
    setFailed(false);
    setLayer(null);
    setAttempt((n) => n + 1);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog form-dialog import-dialog" data-modal data-wide>
          <header>
            <Dialog.Title>{e.title}</Dialog.Title>
            <Dialog.Close className="button">{e.close}</Dialog.Close>
          </header>
          <div className="import-body">
            <Dialog.Description>{layer ? e.what(layer.title) : e.loading}</Dialog.Description>
            {failed ? <Failed title={e.failed} onRetry={again} /> : layer === null ? <Loading rows={5} /> : (
              <Editor {...{ layer, kinds, onRemoved }} onAgain={again} onSaved={(now) => {
                setLayer(now);
                onChanged();
              }} />
            )}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface EditorProps {
  layer: MapLayer;
  kinds: string[];
  onSaved: (layer: MapLayer) => void;
  onAgain: () => void;
  onRemoved: (layer: MapLayer) => void;
}

function Editor({ layer, kinds, onSaved, onAgain, onRemoved }: EditorProps) {
  const t = useT();
  const e = t.imported.edit;
  const [values, setValues] = useState(() => valuesOf(layer));
  const asked = useAsked();
  const { busy, said: wrong } = asked;
  const [asks, setAsks] = useState(false);
  const [done, setDone] = useState<{ text: string; before: number | null } | null>(null);
  const [table, setTable] = useState<TableForm | null>(null);
  const [bad, setBad] = useState(false);
  const fields = layer.fields ?? [];
  const changes = { ...changesOf(layer, values), ...(table ? { classTable: tableOf(table) } : {}) };
  const isSame = Object.keys(changes).length === 0;
  const cannot = busy || isSame || (table !== null && bad) || values.title.trim() === '';
  const run = (work: () => Promise<Answer<MapLayer>>, then: (now: MapLayer) => void) => {
    setDone(null);
    void asked.run(work, then);
  };
  const become = (now: MapLayer, text: string, before: number | null) => {
    setValues(valuesOf(now));
    setTable(null);
    setDone({ text, before });
    onSaved(now);
  };
  const restore = (revision: number) => run(() => restoreLayer(layer.layerId, revision), (now) => become(now, e.restored, null));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (cannot) return;
    run(() => changeLayer(layer.layerId, { ...changes, revision: layer.revision }), (now) => become(now, e.saved, layer.revision));
  };
  const text = (name: keyof LayerValues, type = 'text') => (
    <label className="field">
      <span>{e.fields[name]}</span>
      <input type={type} value={values[name]} maxLength={name === 'title' ? 100 : 500} aria-invalid={name === 'title' && values.title.trim() === ''} onChange={(event) => {
        const said = event.currentTarget.value;
        setValues((v) => ({ ...v, [name]: said }));
      }} />
    </label>
  );
  const audience = values.dataClass === layer.dataClass ? null : values.dataClass === 'public' ? e.becomesPublic : layer.dataClass === 'public' ? e.leavesPublic : null;
  return (
    <form onSubmit={submit} noValidate>
      <div className="import-row">
        {text('title')}
        <Choice label={wording(e.fields, 'kind')} value={values.kind} options={kinds.map((k) => [k, wording(t.imported.kind, k)])} onChange={(kind) => setValues((v) => ({ ...v, kind }))} />
        <Choice label={wording(e.fields, 'dataClass')} value={values.dataClass} options={dataClasses.map((c) => [c, wording(t.imported.import.dataClass, c)])} onChange={(dataClass) => setValues((v) => ({ ...v, dataClass }))} />
      </div>
      {audience && <p className="layer-audience"><TriangleAlert aria-hidden size={18} /> {audience}</p>}
      <div className="import-row">{text('source')}{text('sourceDate', 'date')}{text('licence')}</div>
      <div className="import-row">{text('attribution')}</div>
      <div className="import-row">{text('withdrawnOn', 'date')}{text('withdrawnReason')}</div>
      {(fields.length > 0 || layer.classTable !== null) && (table
        ? <ClassEditor form={table} fields={fields} onForm={setTable} check={(classTable) => checkLayer(layer.layerId, classTable)} onBad={setBad} />
        : <button type="button" className="button layer-edit" onClick={() => setTable(formOf(layer.classTable, fields[0] ?? ''))}>{layer.classTable ? t.imported.classes.change : t.imported.classes.begin}</button>)}
      <div role="status" className="layer-done">
        {done && <><strong>{done.text}</strong>{done.before !== null && <button type="button" className="text-button" disabled={busy} onClick={() => restore(done.before!)}>{e.undo}</button>}</>}
      </div>
      {wrong && <p className="import-error" role="alert">{wrong.text} {wrong.fault?.status === 409 && <button type="button" className="text-button" onClick={onAgain}>{e.newest}</button>}</p>}
      <div className="form-foot layer-foot">
        {!asks && <button type="button" className="button" disabled={busy} onClick={() => setAsks(true)}>{e.remove}</button>}
        <button type="submit" className="button primary" disabled={cannot}>{e.save}</button>
      </div>
      {asks && (
        <div className="layer-ask" role="alertdialog" aria-label={e.remove}>
          <p><strong>{e.sure(layer.title)}</strong></p>
          <ul>{dependents(layer).map((d) => <li key={d}>{e.dependents[d]}</li>)}<li>{e.keptFor}</li></ul>
          <div className="form-foot">
            <button type="button" className="button" autoFocus onClick={() => setAsks(false)}>{e.keep}</button>
            <button type="button" className="button danger" disabled={busy} onClick={() => run(() => removeLayer(layer.layerId), onRemoved)}>{e.remove}</button>
          </div>
        </div>
      )}
      {(layer.earlier ?? []).length > 0 && (
        <details className="layer-earlier">
          <summary>{e.earlier(String(layer.earlier!.length))}</summary>
          <ol>
            {layer.earlier!.map((v) => (
              <li key={v.revision}>
                <div>
                  <p>{e.until(dateTime(t, v.until), v.by)}</p>
                  <p className="quiet">{v.differs.length === 0 ? e.sameAsNow : e.differs(v.differs.map((d) => wording(e.fields, d)).join('、'))}</p>
                </div>
                <button type="button" className="button" disabled={busy || v.differs.length === 0} aria-label={e.backTo(dateTime(t, v.until))} onClick={() => restore(v.revision)}>{e.back}</button>
              </li>
            ))}
          </ol>
        </details>
      )}
    </form>
  );
}
