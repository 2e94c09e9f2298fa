import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { number } from '../format/numbers';
import { useT } from '../i18n';
import { FileButton } from '../panels/FileButton';
import type { RouteForm } from './form';
import { parseProfile } from './profile';

const mostBytes = 400_000;

/** The ground along the levee, from a table of a survey. */
export function GroundFile({ ground, onChange }: { ground: RouteForm['ground']; onChange: (ground: RouteForm['ground']) => void }) {
  const t = useT();
  const n = t.routes.profile;
  const [bad, setBad] = useState(false);
  const read = async (file: File) => {
    const rows = file.size > mostBytes ? null : parseProfile(await file.text());
    setBad(rows === null);
    if (rows) onChange({ name: file.name, rows });
  };
  return (
    <fieldset className="route-group">
      <legend>{n.groundTitle}</legend>
      <p className="note" role={bad ? 'alert' : 'status'} data-bad={bad}>
        {bad ? n.fileBad : ground ? n.fileLoaded(ground.name, number(ground.rows.length)) : n.fileNone}
      </p>
      <div className="route-buttons">
        <FileButton label={n.fileLoad} accept=".csv,.txt,text/csv" onFile={(file) => void read(file)} />
        {ground && (
          <button type="button" className="button" onClick={() => onChange(null)}>
            <Trash2 aria-hidden size={18} /> {t.routes.clear}
          </button>
        )}
      </div>
    </fieldset>
  );
}
