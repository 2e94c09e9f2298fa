import type { Hint } from '../edge/types';
import { useT } from '../i18n';
import { Fact } from '../panels/facts';
import { certainty, classWord } from './words';

/** At headquarters: what the tablet suggested of a report's photos, and whether the person there took it over. */
export function HintFacts({ details }: { details: Record<string, unknown> }) {
  const t = useT();
  const hints = hintsOf(details);
  if (hints.length === 0) return null;
  return (
    <Fact name={t.hint.sent}>
      {hints.map((hint) => (
        <span key={`${hint.photoId}/${hint.model}`} className="hint-fact">
          {[hint.class === null ? t.hint.nothing : t.hint.seen(classWord(t, hint)), hint.class !== null && certainty(t, hint), hint.model, hint.suggested && (hint.taken ? t.hint.sentTaken : t.hint.sentLeft)]
            .filter(Boolean)
            .join('・')}
        </span>
      ))}
    </Fact>
  );
}

/** What came over the wire; the server has checked it, a device of another make may leave parts out. */
export function hintsOf(details: Record<string, unknown>): Hint[] {
  const sent = details['hints'];
  return (Array.isArray(sent) ? (sent as Partial<Hint>[]) : []).flatMap((h) =>
    typeof h?.photoId === 'string' && typeof h.model === 'string'
      ? [{ photoId: h.photoId, model: h.model, class: h.class ?? null, score: h.score ?? 0, found: h.found ?? 0, places: h.places ?? [], suggested: h.suggested ?? null, taken: h.taken ?? false }]
      : [],
  );
}
