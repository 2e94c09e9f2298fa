import type { FindingProperties } from '../api/types';
import { useT } from '../i18n';
import { degreeLabel } from '../review/degree';

/** The degree as on the map: dashed and with a question mark while it is a draft, full once decided, struck out when rejected. */
export function DegreeTag({ p }: { p: FindingProperties }) {
  const t = useT();
  const label = degreeLabel(p);
  if (!label && p.status === 'draft') return null;
  return (
    <span className="degree-tag" data-status={p.status}>
      <span className="visually-hidden">{`${t.review.status[p.status]} ${t.review.decidedDegree}`}</span>
      {label || '×'}
    </span>
  );
}
