import { useState, type Dispatch } from 'react';
import { useT } from '../i18n';
import type { UiAction, UiState } from '../state/ui';
import { Authenticator } from './Authenticator';
import { Frame } from './Frame';
import { NewPassword } from './NewPassword';
import { SignInPage } from './SignInPage';
import { signOut, type Session } from './session';

interface Props {
  session: Session;
  ui: UiState;
  act: Dispatch<UiAction>;
  onSession: (session: Session) => void;
  onLook: () => void;
}

/** True when nothing is between the person and the map. */
export const mayEnter = (session: Session) => session.signIn !== 'needed' && session.must === null;

/** What comes before the map: signing in, a password of one's own, an authenticator app where the role needs one. */
export function Entrance({ session, ui, act, onSession, onLook }: Props) {
  const t = useT();
  const [password, setPassword] = useState('');
  const frame = { session, ui, act };
  if (session.person === null || session.signIn === 'needed')
    return (
      <SignInPage
        {...frame}
        onSignedIn={(next, typed) => {
          setPassword(next.must === 'password-first' ? typed : '');
          onSession(next);
        }}
      />
    );
  const leave = () => void signOut(false).then(onLook);
  return session.must === 'password-first' ? (
    <Frame {...frame} title={t.access.firstTitle(session.person.displayName)}>
      <p>{t.access.first}</p>
      <NewPassword
        person={session.person}
        current={password}
        onDone={() => {
          setPassword('');
          onLook();
        }}
        onCancel={leave}
      />
    </Frame>
  ) : (
    <Frame {...frame} title={t.access.app.title}>
      <p>{t.access.app.needed}</p>
      <Authenticator onDone={onLook} onCancel={leave} />
    </Frame>
  );
}
