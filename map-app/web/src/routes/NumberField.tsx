import { useId } from 'react';
import { useLang, useT } from '../i18n';
import type { RouteNumber } from './types';

interface Props {
  number: RouteNumber;
  text: string;
  /** why the value cannot be used */
  problem: string | null;
  onChange: (text: string) => void;
}

/** One number with its unit; empty is the default, which stands in it in grey. */
export function NumberField({ number, text, problem, onChange }: Props) {
  const t = useT();
  const lang = useLang();
  const id = useId();
  const hint = lang === 'ja' ? number.hintJa : number.hintEn;
  return (
    <div className="route-field" data-problem={problem !== null}>
      <label htmlFor={id}>
        {number[lang]}
        {number.required && <em>{t.routes.needed}</em>}
        {hint && <small>{hint}</small>}
      </label>
      <span className="route-input">
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          placeholder={number.default === null ? '' : String(number.default)}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          onChange={(e) => onChange(e.target.value)}
        />
        <span className="unit">{t.routes.unit[number.unit] ?? number.unit}</span>
      </span>
      {problem !== null && (
        <p id={`${id}-problem`} className="route-problem">
          {problem}
        </p>
      )}
    </div>
  );
}
