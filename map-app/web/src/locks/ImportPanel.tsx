import { X } from 'lucide-react';
import { useState } from 'react';
import { useAsked } from '../api/useAsked';
import { number } from '../format/numbers';
import { useLang, useT } from '../i18n';
import { FileButton } from '../panels/FileButton';
import { importBookings } from './api';
import type { ImportAnswer } from './types';

const mostRows = 500;

/** A booking system's CSV: looked at first, then taken; each row that is not taken with its reason. */
export function ImportPanel({ person, onClose, onDone }: { person: string; onClose: () => void; onDone: () => void }) {
  const t = useT();
  const lang = useLang();
  const i = t.locks.importing;
  const [file, setFile] = useState<File | null>(null);
  const [answer, setAnswer] = useState<ImportAnswer | null>(null);
  const asked = useAsked();
  const run = (from: File, trial: boolean) =>
    void asked.run(() => importBookings(from, trial, person), (outcome) => {
      setAnswer(outcome);
      if (!trial) onDone();
    });
  const changes = answer ? (answer.counts['added'] ?? 0) + (answer.counts['changed'] ?? 0) + (answer.counts['cancelled'] ?? 0) : 0;
  return (
    <aside className="desk-side" aria-label={i.title}>
      <header>
        <h2>{i.title}</h2>
        <button type="button" className="tool icon" aria-label={t.locks.form.back} onClick={onClose}><X aria-hidden /></button>
      </header>
      <div className="desk-form">
        <p>{i.why}</p>
        <div className="slip-buttons">
          <FileButton label={answer ? i.other : i.choose} accept=".csv,text/csv" disabled={asked.busy} onFile={(chosen) => {
            setFile(chosen);
            setAnswer(null);
            run(chosen, true);
          }} />
        </div>
        {asked.busy && <p role="status">{i.checking}</p>}
        {asked.said && <p role="alert" className="booking-said" data-bad="true">{asked.said.text}</p>}
        {file && answer && (
          <section aria-live="polite">
            <h3>{file.name}</h3>
            <p className="quiet">{i.encoding}: {answer.encoding}</p>
            <p><strong>{answer.isTrial ? i.trial : i.took}</strong></p>
            <ul className="import-counts">{Object.entries(answer.counts).map(([outcome, n]) => <li key={outcome}>{i.outcome[outcome] ?? outcome} <strong>{number(n)}</strong></li>)}</ul>
            {answer.isTrial && changes > 0 && <button type="button" className="button primary" disabled={asked.busy} onClick={() => run(file, false)}>{i.take}</button>}
            <ul className="import-notes">
              {answer.rows.filter((r) => r.ja).slice(0, mostRows).map((r) => <li key={r.row}><strong>{i.row(r.row)}</strong> {lang === 'ja' ? r.ja : r.en}</li>)}
            </ul>
            <details>
              <summary>{i.columns}</summary>
              <dl className="import-columns">{Object.entries(answer.columns).map(([role, name]) => <div key={role}><dt>{role}</dt><dd>{name}</dd></div>)}</dl>
            </details>
          </section>
        )}
      </div>
    </aside>
  );
}
