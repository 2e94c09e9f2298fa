import { Plus, Trash2, TriangleAlert } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { wordsOf, type Answer, type Fault } from '../api/answer';
import { number } from '../format/numbers';
import { useLang, useT } from '../i18n';
import { Choice } from '../panels/Choice';
import { alike, changed, patterns, tableOf, withoutRow, withRow, type ClassRow, type TableForm } from './classForm';
import { Swatch } from './Swatch';
import type { ClassCheck, ClassTable, Pattern } from './types';

const settleMs = 400;
const mostShown = 20;

interface Props {
  form: TableForm;
  fields: string[];
  onForm: (form: TableForm) => void;
  /** asks the server what the table makes of the data */
  check: (table: ClassTable) => Promise<Answer<ClassCheck>>;
  /** true while the table cannot be saved */
  onBad: (bad: boolean) => void;
}

/** A layer's own classes: what each value or range means and how it is drawn, and every value that none of them has. */
export function ClassEditor({ form, fields, onForm, check, onBad }: Props) {
  const t = useT();
  const lang = useLang();
  const w = t.imported.classes;
  const [answer, said] = useCheck(form, check, onBad);
  const isOne = form.constant !== undefined;
  const pairs = alike(form.rows);
  const faultsOf = (at: number) => answer?.faults.filter((f) => f.row === at + 1) ?? [];
  const set = (at: number, part: Partial<ClassRow>) => onForm(changed(form, at, part));
  const add = (values: string[]) => onForm(values.reduce((f, v) => withRow(f, v), form));
  return (
    <fieldset className="class-editor">
      <legend>{w.title}</legend>
      {isOne ? <p className="quiet">{w.one}</p> : <div className="import-row">
        <Choice label={w.field} value={form.field} options={fields.map((f) => [f, f])} onChange={(field) => onForm({ ...form, field })} />
        <Choice label={w.by} value={form.by} options={[['values', w.byValues], ['ranges', w.byRanges]]} onChange={(by) => onForm({ ...form, by: by as TableForm['by'] })} />
        {form.by === 'ranges' && <label className="check"><input type="checkbox" checked={form.isDepthM} onChange={(e) => onForm({ ...form, isDepthM: e.currentTarget.checked })} /> {w.isDepthM}</label>}
      </div>}
      {form.rows.length === 0 && <p className="quiet">{w.none}</p>}
      <ol>
        {form.rows.map((r, at) => (
          <li key={r.key} data-bad={faultsOf(at).length > 0}>
            <div className="class-line">
              <Swatch colour={r.colour} pattern={r.pattern} />
              <label className="field class-colour"><span>{w.colour}</span><input type="color" value={r.colour.toLowerCase()} aria-label={w.of(w.colour, at + 1)} onChange={(e) => set(at, { colour: e.currentTarget.value.toUpperCase() })} /></label>
              <Choice label={w.pattern} value={r.pattern} options={patterns.map((p): [string, string] => [p, w.patterns[p]])} onChange={(p) => set(at, { pattern: p as Pattern })} />
              <label className="field class-name"><span>{w.name}</span><input value={r.ja} maxLength={100} aria-label={w.of(w.name, at + 1)} onChange={(e) => set(at, { ja: e.currentTarget.value, en: '' })} /></label>
              {!isOne && form.by === 'ranges' && (
                <>
                  <label className="field class-number"><span>{w.from}</span><input inputMode="decimal" value={r.from} aria-label={w.of(w.from, at + 1)} onChange={(e) => set(at, { from: e.currentTarget.value })} /></label>
                  <label className="field class-number"><span>{w.to}</span><input inputMode="decimal" value={r.to} aria-label={w.of(w.to, at + 1)} onChange={(e) => set(at, { to: e.currentTarget.value })} /></label>
                </>
              )}
              {!isOne && <label className="field class-values"><span>{form.by === 'ranges' ? w.alsoValues : w.values}</span><input value={r.values} aria-label={w.of(form.by === 'ranges' ? w.alsoValues : w.values, at + 1)} onChange={(e) => set(at, { values: e.currentTarget.value })} /></label>}
              <label className="field class-number"><span>{w.rank}</span><input inputMode="numeric" value={r.rank} aria-label={w.of(w.rank, at + 1)} onChange={(e) => set(at, { rank: e.currentTarget.value })} /></label>
              <output className="class-count">{answer ? w.rows(number(answer.counts[r.key] ?? 0)) : ''}</output>
              {!isOne && <button type="button" className="tool icon" aria-label={w.drop(r.ja || String(at + 1))} onClick={() => onForm(withoutRow(form, at))}><Trash2 aria-hidden /></button>}
            </div>
            {faultsOf(at).map((f, i) => <p key={i} className="bad">{f[lang]}</p>)}
          </li>
        ))}
      </ol>
      {!isOne && <button type="button" className="button" onClick={() => onForm(withRow(form))}><Plus aria-hidden size={18} /> {w.add}</button>}
      {pairs.length > 0 && <p className="layer-audience"><TriangleAlert aria-hidden size={18} /> {w.alike(pairs.slice(0, 3).map(([a, b]) => `${form.rows[a]!.ja || a + 1}・${form.rows[b]!.ja || b + 1}`).join('、'))}</p>}
      <div role="status" aria-live="polite">
        {said && <p className="bad">{said}</p>}
        {answer?.faults.filter((f) => f.row === 0).map((f, i) => <p key={i} className="bad">{f[lang]}</p>)}
        {answer && answer.unclassedRows + answer.empty === 0 && form.rows.length > 0 && <p className="ok">{w.allClassed(number(answer.rows))}</p>}
        {answer && answer.empty > 0 && <p>{w.empty(number(answer.empty))}</p>}
        {answer && answer.unclassedRows > 0 && (
          <div className="class-unclassed">
            <p><strong>{w.unclassed(number(answer.unclassedRows))}</strong></p>
            <ul>
              {answer.unclassed.slice(0, mostShown).map((u) => (
                <li key={u.value}>
                  <span>{u.value}</span>
                  <span className="quiet">{w.rows(number(u.rows))}</span>
                  {!isOne && form.by === 'values' && <button type="button" className="text-button" aria-label={w.addValue(u.value)} onClick={() => add([u.value])}>{w.make}</button>}
                </li>
              ))}
            </ul>
            {answer.unclassed.length + answer.otherValues > mostShown && <p className="quiet">{w.more(number(answer.unclassed.length + answer.otherValues - mostShown))}</p>}
            {!isOne && form.by === 'values' && answer.unclassed.length > 1 && form.rows.length + answer.unclassed.length <= 60 && <button type="button" className="button" onClick={() => add(answer.unclassed.map((u) => u.value))}>{w.makeAll(number(answer.unclassed.length))}</button>}
          </div>
        )}
      </div>
    </fieldset>
  );
}

/** What the server says of the table, a moment after the last key. */
function useCheck(form: TableForm, check: Props['check'], onBad: Props['onBad']): [ClassCheck | null, string | null] {
  const t = useT();
  const lang = useLang();
  const [answer, setAnswer] = useState<ClassCheck | null>(null);
  const [fault, setFault] = useState<Fault | null | undefined>(undefined);
  const bad = useEffectEvent(onBad);
  const ask = useEffectEvent(check);
  const table = JSON.stringify(tableOf(form));
  useEffect(() => {
    let current = true;
    bad(true); // what is not looked at yet is not saved
    const timer = setTimeout(() => {
      void ask(JSON.parse(table) as ClassTable).then((next) => {
        if (!current) return;
        setFault(next.ok ? undefined : next.fault);
        if (!next.ok) return;
        setAnswer(next.value);
        bad(next.value.faults.length > 0 || Object.keys(next.value.counts).length === 0);
      });
    }, settleMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [table]);
  return [answer, fault === undefined ? null : wordsOf(fault, lang, t)];
}
