import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useT } from '../i18n';
import { FileButton } from '../panels/FileButton';
import type { RouteForm } from './form';
import { KeptNoFly } from './KeptNoFly';
import type { NoFlyState } from './useNoFly';

const mostBytes = 800_000;

/** Areas that nothing may enter: kept for everybody, and from a file for this plan only. */
export function NoFly({ noFly, onChange, kept }: { noFly: RouteForm['noFly']; onChange: (noFly: RouteForm['noFly']) => void; kept: NoFlyState }) {
  const t = useT();
  const [problem, setProblem] = useState<string | null>(null);
  const read = async (file: File) => {
    if (file.size > mostBytes) return setProblem(t.routes.noFlyLarge);
    try {
      const shapes: unknown = JSON.parse(await file.text());
      if (typeof shapes !== 'object' || shapes === null || !('type' in shapes)) throw new Error('no GeoJSON');
      setProblem(null);
      onChange({ name: file.name, shapes: shapes as NonNullable<RouteForm['noFly']>['shapes'] });
    } catch {
      setProblem(t.routes.noFlyBad);
    }
  };
  return (
    <fieldset className="route-group">
      <legend>{t.routes.noFly}</legend>
      <KeptNoFly state={kept} />
      <p className="note" role="status">
        {problem ?? (noFly ? t.routes.noFlyLoaded(noFly.name) : t.routes.noFlyFile)}
      </p>
      <div className="route-buttons">
        <FileButton label={t.routes.noFlyLoad} accept=".geojson,.json,application/geo+json" onFile={(file) => void read(file)} />
        {noFly && (
          <button type="button" className="button" onClick={() => onChange(null)}>
            <Trash2 aria-hidden size={18} /> {t.routes.clear}
          </button>
        )}
      </div>
    </fieldset>
  );
}
