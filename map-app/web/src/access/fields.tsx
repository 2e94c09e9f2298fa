import { Eye, EyeOff } from 'lucide-react';
import { useId, useState } from 'react';
import { useT } from '../i18n';

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
