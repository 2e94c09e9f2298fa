import { CircleEllipsis, CloudRain, Construction, House, Mountain, Send, Waves, X } from 'lucide-react';
import { useState } from 'react';
import type { Outbox, OutboxView } from '../edge/outbox';
import type { Place, Severity } from '../edge/types';
import { number } from '../format/numbers';
import { takenOf, useHints } from '../hint/useHints';
import { useLang, useT } from '../i18n';
import { isBlank, type Draft } from './draft';
import { FormFields } from './FormFields';
import { faultsOf, labelsFor, titleOf, valuesOf, type Form } from './forms';
import { PhotoField } from './PhotoField';
import { PlaceField } from './PlaceField';
import type { DraftHold } from './useDraft';
import type { Position } from './usePosition';

const categories = [
  ['road', Construction],
  ['flood', CloudRain],
  ['landslide', Mountain],
  ['levee', Waves],
  ['building', House],
  ['other', CircleEllipsis],
] as const;
const severities: Severity[] = ['info', 'warning', 'critical'];
const mostNote = 4_000;

interface Props {
  outbox: Outbox;
  view: OutboxView;
  hold: DraftHold;
  position: Position;
  forms: Form[];
  who: string | null;
  onMap: () => void;
  onSent: () => void;
}

/** A report in a few presses: photo, kind, done. The place is there already. */
export function ReportScreen({ outbox, view, hold, position, forms, who, onMap, onSent }: Props) {
  const t = useT();
  const lang = useLang();
  const r = t.tablet.report;
  const [problem, setProblem] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const hints = useHints(outbox, hold, view.line === 'online');
  const { draft } = hold;
  if (!draft) return <div className="tablet-page" aria-busy="true" />;
  const form = forms.find((f) => f.$id === draft.form?.id) ?? null;
  const faults = form ? faultsOf(form, draft.form!.answers) : null;
  const change = (part: Partial<Draft>) => {
    setProblem(null);
    hold.change((was) => ({ ...part, ...(was.place === null && position.fix ? { place: onlyPlace(position.fix) } : {}), ...(part.place ? { place: part.place } : {}) }));
  };

  const send = async () => {
    setTried(true);
    if (isBlank(draft)) return setProblem(r.photoOrKind);
    if (form && faults && faults.size > 0) {
      document.getElementById(`form-${form.$id}-${[...faults.keys()][0]}`)?.focus();
      return setProblem(r.incomplete([...faults.keys()].map((name) => titleOf(form.properties[name]!, lang)).join('、')));
    }
    if ([...draft.note].length > mostNote) return setProblem(r.tooLong(number(mostNote)));
    const place = draft.place ?? (position.fix && onlyPlace(position.fix));
    setBusy(true);
    try {
      await outbox.report(
        {
          place, category: draft.category, severity: draft.severity, note: draft.note.trim(), photoIds: draft.photos.map((p) => p.photoId), missingPhotos: draft.missing,
          assetId: draft.asset?.assetId ?? null, who, form: form ? filledIn(form, draft.form!.answers) : null, amends: draft.amends, bases: draft.bases ?? [],
          hints: takenOf(draft),
        },
        draft.photos,
        draft.key,
      );
      hold.renew();
      setTried(false);
      setProblem(null);
      onSent();
    } catch {
      setProblem(r.failed); // the draft is still here, on the screen and, if there is room, on the disk
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      className="tablet-page report"
      aria-label={draft.amends ? r.amending : r.title}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void send();
      }}
    >
      <div className="report-body">
        <div className="report-left">
          {draft.amends && (
            <p className="amending">
              <strong>{r.amending}</strong>
              <button type="button" className="text-button" onClick={() => hold.renew()}>
                {r.cancel}
              </button>
            </p>
          )}
          <PhotoField {...{ outbox, hold, hints }} />
          <PlaceField place={draft.place} position={position} onPlace={(place) => change({ place: onlyPlace(place) })} onMap={onMap} />
          {draft.asset && (
            <p className="report-asset">
              <span>{`${r.asset}：${draft.asset.name}`}</span>
              <button type="button" className="tool icon" aria-label={r.noAsset} onClick={() => change({ asset: null })}>
                <X aria-hidden />
              </button>
            </p>
          )}
        </div>
        <div className="report-right">
          <fieldset className="six">
            <legend>{r.category}</legend>
            {categories.map(([name, Icon]) => (
              <button key={name} type="button" aria-pressed={draft.category === name} onClick={() => change({ category: draft.category === name ? null : name })}>
                <Icon aria-hidden size={36} />
                <span>{t.tablet.category[name]}</span>
              </button>
            ))}
          </fieldset>
          <fieldset className="three">
            <legend>{r.severity}</legend>
            {severities.map((name) => (
              <button key={name} type="button" data-severity={name} aria-pressed={draft.severity === name} onClick={() => change({ severity: draft.severity === name ? null : name })}>
                {t.tablet.severity[name]}
              </button>
            ))}
          </fieldset>
          <div className="note-field">
            <label htmlFor="report-note">{r.note}</label>
            <textarea id="report-note" rows={2} value={draft.note} placeholder={r.noteHint} onChange={(e) => change({ note: e.target.value })} />
          </div>
          {forms.length > 0 && (
            <label className="note-field">
              {r.form}
              <select value={draft.form?.id ?? ''} onChange={(e) => change({ form: e.target.value ? { id: e.target.value, answers: draft.form?.id === e.target.value ? draft.form.answers : {} } : null })}>
                <option value="">{r.noForm}</option>
                {forms.map((f) => (
                  <option key={f.$id} value={f.$id}>
                    {titleOf(f, lang)}
                  </option>
                ))}
              </select>
            </label>
          )}
          {form && <FormFields form={form} answers={draft.form!.answers} faults={tried ? faults : null} onAnswer={(name, typed) => change({ form: { id: form.$id, answers: { ...draft.form!.answers, [name]: typed } } })} />}
        </div>
      </div>
      <div className="report-foot">
        {hold.unkept && <p role="alert" className="field-problem">{r.draftFailed}</p>}
        {problem && <p role="alert" className="field-problem">{problem}</p>}
        <button type="button" className="button tall" disabled={isBlank(draft)} onClick={() => hold.renew()}>
          {r.clear}
        </button>
        <button type="submit" className="button primary tall send" aria-disabled={busy}>
          <Send aria-hidden size={24} /> {r.send}
        </button>
      </div>
    </form>
  );
}

const filledIn = (form: Form, answers: Record<string, string>) => {
  const values = valuesOf(form, answers);
  return { id: form.$id, values, labels: labelsFor(form, values) };
};

const onlyPlace = ({ lon, lat, accuracyM, by }: Place): Place => ({ lon, lat, accuracyM, by });
