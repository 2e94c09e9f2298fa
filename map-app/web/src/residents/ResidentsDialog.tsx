import * as Dialog from '@radix-ui/react-dialog';
import { Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useAsked } from '../api/useAsked';
import { number } from '../format/numbers';
import { dateTime } from '../format/time';
import { useLang, useT } from '../i18n';
import { ImportFrame, Notes } from '../layers/ImportFrame';
import { Choice } from '../panels/Choice';
import { bring, getKept, getOddRows, remove, restore, type Files, type Kept, type OddRow, type Outcome } from './api';

interface Props {
  open: boolean;
  onClose: () => void;
  /** another edition counts now */
  onChanged: () => void;
}

const encodings: [string, string][] = [['UTF-8', 'UTF-8'], ['Shift_JIS', 'Shift_JIS']];

/** Brings a register in: two files, what would come of them, then the register; and takes it back. */
export function ResidentsDialog({ open, onClose, onChanged }: Props) {
  const t = useT();
  return (
    <ImportFrame open={open} onClose={onClose} title={t.residents.title}>
      <Body onChanged={onChanged} />
    </ImportFrame>
  );
}

function Body({ onChanged }: Pick<Props, 'onChanged'>) {
  const w = useT().residents;
  const [kept, setKept] = useState<Kept | null>(null);
  const { busy, said, run, forget } = useAsked();
  const [done, setDone] = useState<string | null>(null);
  const [odd, setOdd] = useState<OddRow[] | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    getKept(abort.signal).then((found) => setKept(found.register), () => abort.signal.aborted || setKept(null));
    return () => abort.abort();
  }, [attempt]);
  const renew = (text: string | null) => {
    setDone(text);
    setOdd(null);
    forget();
    setAttempt((n) => n + 1);
    onChanged();
  };
  return (
    <div className="import-body">
      <Dialog.Description>{w.why}</Dialog.Description>
      <section className="import-seen">
        {kept === null ? <p>{w.none}</p> : <Now kept={kept} />}
        {kept && (
          <div className="form-foot">
            <button type="button" className="button" disabled={busy} onClick={() => void run(getOddRows, (found) => setOdd(found.rows))}>{w.showOdd}</button>
            {kept.canRestore && <button type="button" className="button" disabled={busy} onClick={() => void run(restore, () => renew(w.undone))}><Undo2 aria-hidden size={18} /> {w.undo}</button>}
            {!kept.removedAt && <button type="button" className="button" disabled={busy} onClick={() => void run(remove, () => renew(w.removedNow))}>{w.remove}</button>}
          </div>
        )}
        {odd && <OddRows rows={odd} />}
      </section>
      {(said ?? done) && <p className="import-error" data-bad={said !== null} role={said ? 'alert' : 'status'}>{said?.text ?? done}</p>}
      <Bring onTaken={() => renew(null)} />
    </div>
  );
}

function Now({ kept }: { kept: Kept }) {
  const t = useT();
  const w = t.residents;
  return (
    <>
      <h3>{w.now(kept.title, kept.sourceDate ?? null)}</h3>
      <p>{w.size(number(kept.households), number(kept.people))}{kept.removedAt && `・${w.removed}`}</p>
      {kept.synthetic && <p className="impact-synthetic">{w.synthetic}</p>}
      {kept.importedAt && <p className="quiet">{w.by(kept.importedBy, dateTime(t, kept.importedAt))}</p>}
    </>
  );
}

/** Files and what must be said of them; checked first, taken then. */
function Bring({ onTaken }: { onTaken: () => void }) {
  const w = useT().residents;
  const [files, setFiles] = useState<Omit<Files, 'points'> & { points: File | null }>({ points: null, register: null, crs: '', encoding: '', registerEncoding: '', title: '', sourceDate: '', synthetic: false });
  const { busy, said, run } = useAsked();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const set = (part: Partial<typeof files>) => {
    setFiles({ ...files, ...part });
    setOutcome(null); // what was checked is no longer what would be taken
  };
  const { points } = files;
  const send = (trial: boolean) => points && void run(() => bring({ ...files, points }, trial), (result) => {
    setOutcome(result);
    if (!trial && result.register) onTaken();
  });
  const isGood = outcome?.isTrial === true && outcome.register !== undefined;
  const asked: [string, string][] = [['', w.byFile], ...encodings];
  return (
    <form onSubmit={(e) => {
      e.preventDefault();
      send(!isGood);
    }}>
      <div className="import-row">
        <label className="field"><span>{w.points}</span><input type="file" accept=".csv,.geojson,.json,.gpkg,.zip" onChange={(e) => set({ points: e.currentTarget.files?.[0] ?? null })} /></label>
        <label className="field"><span>{w.register}</span><input type="file" accept=".csv,.gpkg" onChange={(e) => set({ register: e.currentTarget.files?.[0] ?? null })} /></label>
      </div>
      <div className="import-row">
        <label className="field"><span>{w.crs}</span><input inputMode="numeric" value={files.crs} maxLength={5} onChange={(e) => set({ crs: e.currentTarget.value.normalize('NFKC').replace(/[^0-9]/g, '') })} /></label>
        <Choice label={w.encoding} value={files.encoding} options={asked} onChange={(encoding) => set({ encoding })} />
        {files.register && <Choice label={w.registerEncoding} value={files.registerEncoding} options={asked} onChange={(registerEncoding) => set({ registerEncoding })} />}
      </div>
      <div className="import-row">
        <label className="field"><span>{w.name}</span><input value={files.title} maxLength={100} onChange={(e) => set({ title: e.currentTarget.value })} /></label>
        <label className="field"><span>{w.day}</span><input type="date" value={files.sourceDate} onChange={(e) => set({ sourceDate: e.currentTarget.value })} /></label>
        <label className="impact-check"><input type="checkbox" checked={files.synthetic} onChange={(e) => set({ synthetic: e.currentTarget.checked })} /><span>{w.isSynthetic}</span></label>
      </div>
      {said ? <p className="import-error" role="alert">{said.text}</p> : outcome && <Seen outcome={outcome} />}
      <div className="form-foot">
        {busy && <p role="status">{w.looking}</p>}
        <button type="submit" className="button primary" disabled={busy || !points}>{isGood ? w.take : w.look}</button>
      </div>
    </form>
  );
}

function Seen({ outcome: o }: { outcome: Outcome }) {
  const w = useT().residents;
  return (
    <section className="import-outcome" aria-live="polite">
      <h3>{!o.register ? w.refused : o.isTrial ? w.trial : o.isUnchanged ? w.unchanged : w.took}</h3>
      {o.register && (
        <>
          <p>{w.size(number(o.register.households), number(o.register.people))}</p>
          <ul className="import-counts">{Object.entries(o.register.rows).map(([state, n]) => <li key={state}>{w.state[state] ?? state} <strong>{number(n)}</strong></li>)}</ul>
        </>
      )}
      <Notes notes={[...o.faults, ...o.notes]} />
      {o.rows && o.rows.length > 0 && <OddRows rows={o.rows} />}
    </section>
  );
}

function OddRows({ rows }: { rows: OddRow[] }) {
  const w = useT().residents;
  const lang = useLang();
  return (
    <div className="impact-scroll" tabIndex={0} role="region" aria-label={w.odd(number(rows.length))}>
      <table className="impact-table">
        <caption className="quiet">{w.odd(number(rows.length))}</caption>
        <thead><tr><th scope="col">{w.oddColumns.household}</th><th scope="col" className="words">{w.oddColumns.state}</th><th scope="col" className="words">{w.oddColumns.reason}</th></tr></thead>
        <tbody>{rows.map((r) => <tr key={r.n}><th scope="row">{r.household ?? ''}</th><td className="words">{w.state[r.state] ?? r.state}</td><td className="words">{lang === 'ja' ? r.reasonJa : r.reasonEn}</td></tr>)}</tbody>
      </table>
    </div>
  );
}
