import { number } from '../format/numbers';
import { useLang, useT, type Dictionary } from '../i18n';
import { choiceOf, titleOf, type Fault, type Form, type Question } from './forms';

interface Props {
  form: Form;
  answers: Record<string, string>;
  /** shown once the person has tried to send */
  faults: ReadonlyMap<string, Fault> | null;
  onAnswer: (name: string, typed: string) => void;
}

export const faultText = (t: Dictionary, { code, limit }: Fault) => {
  const word = t.tablet.form[code];
  return typeof word === 'string' ? word : word(number(limit ?? 0, Number.isInteger(limit) ? 0 : 2));
};

/** The questions of a municipality's own form. */
export function FormFields({ form, answers, faults, onAnswer }: Props) {
  const t = useT();
  const lang = useLang();
  const hint = lang === 'en' ? (form['x-description-en'] ?? form.description) : form.description;
  return (
    <div className="own-form" role="group" aria-label={titleOf(form, lang)}>
      {hint && <p className="quiet">{hint}</p>}
      {Object.entries(form.properties).map(([name, question]) => {
        const fault = faults?.get(name);
        const id = `form-${form.$id}-${name}`;
        return (
          <div key={name} className="own-question">
            <label htmlFor={id}>
              {titleOf(question, lang)}
              {form.required?.includes(name) && <span className="required">{t.tablet.report.required}</span>}
            </label>
            <Answer {...{ id, question }} value={answers[name] ?? ''} bad={fault !== undefined} onValue={(typed) => onAnswer(name, typed)} />
            {fault && (
              <p className="field-problem" id={`${id}-fault`} role="alert">
                {faultText(t, fault)}
              </p>
            )}
          </div>
        );
      })}
    </div>
  );
}

function Answer({ id, question, value, bad, onValue }: { id: string; question: Question; value: string; bad: boolean; onValue: (typed: string) => void }) {
  const t = useT();
  const lang = useLang();
  const common = { id, value, 'aria-invalid': bad, ...(bad ? { 'aria-describedby': `${id}-fault` } : {}) };
  if (question.enum || question.type === 'boolean') {
    const options = question.enum ? question.enum.map((key, i) => [key, choiceOf(question, i, lang)] as const) : ([['true', t.tablet.report.yes], ['false', t.tablet.report.no]] as const);
    return (
      <select {...common} onChange={(e) => onValue(e.target.value)}>
        <option value="">{t.tablet.report.choose}</option>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    );
  }
  if (question.type === 'string' && question.format === 'date') return <input {...common} type="date" onChange={(e) => onValue(e.target.value)} />;
  const mode = question.type === 'integer' ? 'numeric' : question.type === 'number' ? 'decimal' : 'text';
  return <input {...common} inputMode={mode} autoComplete="off" onChange={(e) => onValue(e.target.value)} />;
}
