import { Check, PencilRuler, Tags, Undo2, X } from 'lucide-react';
import type { FindingProperties } from '../api/types';
import { assetName } from '../format/asset';
import { useT, wording } from '../i18n';
import { draftRange, draftText, isDecided, lettersOf } from './degree';
import { isCorrection, letterWith, needsDegree, scaleWith, type Plan } from './plan';

interface Props {
  p: FindingProperties;
  plan: Plan;
  onPlan: (plan: Partial<Plan>) => void;
  onForget: (name: 'class' | 'place' | 'mask') => void;
  onAccept: () => void;
  onReject: () => void;
  onEdit: () => void;
  onChange: () => void;
  onUndo: () => void;
  onUndoCurrent: () => void;
}

/** The decision, by finger as by key: the keys stand on the buttons. */
export function DecisionBar({ p, plan, onPlan, onForget, ...on }: Props) {
  const t = useT();
  const missing = needsDegree(p, plan);
  const letter = letterWith(p, plan);
  const correction = isCorrection(p, plan);
  return (
    <div className="decision-bar">
      <Prepared p={p} plan={plan} onForget={onForget} />
      <Degrees p={p} plan={plan} letter={letter} onPlan={onPlan} />
      {missing && (
        <p className="decision-hint" id="decision-hint">
          {hintFor(t, p, plan)}
        </p>
      )}
      <div className="decision-row">
        <button type="button" className="button reject" aria-keyshortcuts="r" onClick={on.onReject}>
          <X aria-hidden size={20} /> {t.review.reject} <kbd>R</kbd>
        </button>
        <button type="button" className="button primary" aria-keyshortcuts="c" aria-disabled={missing} aria-describedby={missing ? 'decision-hint' : undefined} onClick={on.onAccept}>
          <Check aria-hidden size={20} />
          {correction ? (letter ? t.review.correctWith(letter) : t.review.correct) : letter ? t.review.confirmWith(letter) : t.review.confirm}
          <kbd>C</kbd>
        </button>
      </div>
      <div className="decision-row minor">
        <button type="button" className="tool" aria-keyshortcuts="e" onClick={on.onEdit}>
          <PencilRuler aria-hidden /> {t.review.edit} <kbd>E</kbd>
        </button>
        <button type="button" className="tool" aria-keyshortcuts="t" onClick={on.onChange}>
          <Tags aria-hidden /> {t.review.change} <kbd>T</kbd>
        </button>
        {isDecided(p) ? (
          <button type="button" className="tool" onClick={on.onUndoCurrent}>
            <Undo2 aria-hidden /> {t.review.undoLatest}
          </button>
        ) : (
          <button type="button" className="tool" aria-keyshortcuts="z" onClick={on.onUndo}>
            <Undo2 aria-hidden /> {t.review.undo} <kbd>Z</kbd>
          </button>
        )}
      </div>
    </div>
  );
}

function hintFor(t: ReturnType<typeof useT>, p: FindingProperties, plan: Plan): string {
  const range = plan.class && plan.class !== p.class ? null : draftText(p);
  if (range === null) return t.review.chooseAny;
  return scaleWith(p, plan) === 'levee' ? t.review.chooseDegreeLevee(range) : t.review.chooseDegree(range);
}

/** a to e with the draft's range marked; nothing where no table grades. */
function Degrees({ p, plan, letter, onPlan }: { p: FindingProperties; plan: Plan; letter: string | null; onPlan: (plan: Partial<Plan>) => void }) {
  const t = useT();
  const scale = scaleWith(p, plan);
  if (scale === null) return null;
  const range = plan.class && plan.class !== p.class ? null : draftRange(p);
  return (
    <div className="degree-buttons" role="group" aria-label={t.review.decidedDegree}>
      {lettersOf(scale).map((l, i) => (
        <button key={l} type="button" aria-pressed={l === letter} aria-keyshortcuts={String(i + 1)} data-in={range !== null && l >= range[0] && l <= range[1]} onClick={() => onPlan({ degree: l })}>
          <span className="visually-hidden">{t.review.decidedDegree} </span>
          <span>{l}</span>
          <kbd>{i + 1}</kbd>
        </button>
      ))}
    </div>
  );
}

/** What was changed and not yet decided, each with its way back. */
function Prepared({ p, plan, onForget }: Pick<Props, 'p' | 'plan' | 'onForget'>) {
  const t = useT();
  const place = plan.elementId ?? plan.assetId;
  const changed: ['class' | 'place' | 'mask', string][] = [];
  if (plan.class && plan.class !== p.class) changed.push(['class', t.review.classChanged(wording(t.className, plan.class))]);
  if (place) changed.push(['place', t.review.placeChanged(assetName(t, place, undefined))]);
  if (plan.pixelRings) changed.push(['mask', t.review.maskChanged]);
  if (changed.length === 0) return null;
  return (
    <ul className="prepared">
      {changed.map(([name, text]) => (
        <li key={name}>
          {text}
          <button type="button" className="text-button" onClick={() => onForget(name)} aria-label={`${t.review.discard}: ${text}`}>
            {t.review.discard}
          </button>
        </li>
      ))}
    </ul>
  );
}
