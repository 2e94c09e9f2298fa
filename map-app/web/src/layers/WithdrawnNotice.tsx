import { TriangleAlert } from 'lucide-react';
import { useT } from '../i18n';
import type { MapLayers } from './useMapLayers';

/** Stands over the map while something is drawn that its publisher has withdrawn: nobody must take it for the present state. */
export function WithdrawnNotice({ layers }: { layers: MapLayers }) {
  const t = useT();
  const withdrawn = layers.list?.layers.filter((l) => l.withdrawnOn && layers.shown(l.layerId).on) ?? [];
  if (withdrawn.length === 0) return null;
  return (
    <p className="withdrawn withdrawn-notice" role="status">
      <TriangleAlert aria-hidden size={18} /> {t.imported.withdrawnShown(withdrawn.length)}
    </p>
  );
}
