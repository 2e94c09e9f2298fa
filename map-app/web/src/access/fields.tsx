import { Eye, EyeOff, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { clockSeconds } from '../format/time';
import { useLang, useT } from '../i18n';
import { useNow } from '../useNow';
import type { Refusal } from './session';

interface PasswordProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  autoComplete: 'current-password' | 'new-password';
  hint?: string;
  autoFocus?: boolean;
}

/** A password, which the person may look at: who cannot see what they type types it wrong. */
export function PasswordField({ label, value, onChange, autoComplete, hint, autoFocus = false }: PasswordProps) {
  const t = useT();
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="password-box">
        <input id={id} type={shown ? 'text' : 'password'} name={autoComplete} value={value} onChange={(e) => onChange(e.currentTarget.value)} autoComplete={autoComplete} autoCapitalize="off" spellCheck={false} autoFocus={autoFocus} aria-describedby={hint ? `${id}-hint` : undefined} />
        <button type="button" className="tool icon" onClick={() => setShown(!shown)} aria-pressed={shown} aria-label={t.access.showPassword} title={t.access.showPassword}>
          {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        </button>
      </div>
      {hint && (
        <p id={`${id}-hint`} className="quiet">
          {hint}
        </p>
      )}
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  autoComplete: string;
  digits?: boolean;
  hint?: string;
  autoFocus?: boolean;
}

export function TextField({ label, value, onChange, autoComplete, digits = false, hint, autoFocus = false }: TextProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="text" name={autoComplete} className={digits ? 'digits' : undefined} inputMode={digits ? 'numeric' : undefined} value={value} onChange={(e) => onChange(e.currentTarget.value)} autoComplete={autoComplete} autoCapitalize="off" spellCheck={false} autoFocus={autoFocus} aria-describedby={hint ? `${id}-hint` : undefined} />
      {hint && (
        <p id={`${id}-hint`} className="quiet">
          {hint}
        </p>
      )}
    </div>
  );
}

/** What went wrong, in the reader's language; `undefined`: nothing did. `null`: there was no answer. */
export function Problem({ refusal }: { refusal: Refusal | null | undefined }) {
  const t = useT();
  const lang = useLang();
  return (
    <div role="alert" className="problem-holder">
      {refusal !== undefined && (
        <p className="problem">
          <TriangleAlert aria-hidden size={20} />
          {refusal === null ? t.access.noAnswer : refusal.retryAt ? <Until at={refusal.retryAt} /> : lang === 'ja' ? refusal.ja : refusal.en}
        </p>
      )}
    </div>
  );
}

/** When it is worth trying again. */
function Until({ at }: { at: string }) {
  const t = useT();
  const now = useNow(1_000);
  return <span>{Date.parse(at) > now.getTime() ? t.access.waitUntil(clockSeconds(t, new Date(at))) : t.access.waitOver}</span>;
}
