import { useState, type Dispatch, type FormEvent } from 'react';
import { useAsked } from '../api/useAsked';
import { useT } from '../i18n';
import { Problem } from '../panels/Problem';
import type { UiAction, UiState } from '../state/ui';
import { PasswordField, TextField } from './fields';
import { Frame } from './Frame';
import { signIn, type Session } from './session';

interface Props {
  session: Session;
  ui: UiState;
  act: Dispatch<UiAction>;
  /** signed in; the password is handed on so that a first one need not be typed twice */
  onSignedIn: (session: Session, password: string) => void;
}

/** Name and password; then, where there is one, the code of the authenticator app. */
export function SignInPage({ session, ui, act, onSignedIn }: Props) {
  const t = useT();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string | null>(null);
  const { busy, said, run, forget } = useAsked();
  const ready = name.trim() !== '' && password !== '' && code !== '' && !busy;

  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (!ready) return;
    const answer = await run(() => signIn(name, password, code), (next) => onSignedIn(next, password));
    if (answer.ok) return;
    const asksCode = answer.fault?.code === 'code-needed';
    if (asksCode) forget();
    if (asksCode || code !== null) setCode('');
  };
  const back = () => {
    setCode(null);
    setPassword('');
    forget();
  };

  return (
    <Frame session={session} ui={ui} act={act} title={code === null ? t.access.title : t.access.codeTitle}>
      <form onSubmit={(e) => void submit(e)}>
        {code === null ? (
          <>
            <TextField label={t.access.name} value={name} onChange={setName} autoComplete="username" autoFocus />
            <PasswordField label={t.access.password} value={password} onChange={setPassword} autoComplete="current-password" />
          </>
        ) : (
          <TextField key="code" label={t.access.code} value={code} onChange={setCode} autoComplete="one-time-code" digits hint={t.access.codeHint} autoFocus />
        )}
        <Problem said={said} />
        <button type="submit" className="button primary" aria-disabled={!ready}>
          {busy ? t.access.signingIn : t.access.signIn}
        </button>
        {code !== null && (
          <button type="button" className="button" onClick={back}>
            {t.access.back}
          </button>
        )}
      </form>
      {code === null && <p className="quiet">{t.access.help}</p>}
    </Frame>
  );
}
