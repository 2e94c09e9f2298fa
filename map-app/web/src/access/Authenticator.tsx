import { useEffect, useEffectEvent, useState, type FormEvent } from 'react';
import { encode } from 'uqr';
import { useAsked } from '../api/useAsked';
import { useT } from '../i18n';
import { Problem } from '../panels/Problem';
import { TextField } from './fields';
import { confirmAuthenticator, offerAuthenticator } from './session';

interface Props {
  onDone: () => void;
  onCancel?: () => void;
}

/** Sets an authenticator app up: key, first code, and the codes for the day the telephone is lost. */
export function Authenticator({ onDone, onCancel }: Props) {
  const t = useT();
  const [offer, setOffer] = useState<{ key: string; uri: string } | null>(null);
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState<string[] | null>(null);
  const { busy, said, run } = useAsked();
  const begin = useEffectEvent(() => run(offerAuthenticator, setOffer));
  useEffect(() => void begin(), []);

  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy || !code) return;
    await run(() => confirmAuthenticator(code), ({ recoveryCodes }) => setRecovery(recoveryCodes));
    setCode('');
  };

  if (recovery) return <Recovery codes={recovery} onDone={onDone} />;
  return (
    <form onSubmit={(e) => void submit(e)}>
      <p>{t.access.app.how}</p>
      {offer && (
        <div className="app-key">
          <Qr text={offer.uri} />
          <div>
            <p className="quiet">{t.access.app.byHand}</p>
            <code>{offer.key.replace(/(.{4})(?=.)/g, '$1 ')}</code>
            <a className="text-button" href={offer.uri}>
              {t.access.app.here}
            </a>
          </div>
        </div>
      )}
      <TextField label={t.access.code} value={code} onChange={setCode} autoComplete="one-time-code" digits />
      <Problem said={said} />
      <div className="form-foot">
        {onCancel && (
          <button type="button" className="button" onClick={onCancel}>
            {t.access.cancel}
          </button>
        )}
        <button type="submit" className="button primary" aria-disabled={busy || !code || !offer}>
          {t.access.app.confirm}
        </button>
      </div>
    </form>
  );
}

function Recovery({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const t = useT();
  return (
    <div className="recovery">
      <p>
        <strong>{t.access.app.recoveryTitle}</strong> {t.access.app.recovery}
      </p>
      <ol>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="form-foot">
        <button type="button" className="button" onClick={() => window.print()}>
          {t.access.app.print}
        </button>
        <button type="button" className="button primary" onClick={onDone}>
          {t.access.app.kept}
        </button>
      </div>
    </div>
  );
}

/** Black on white in both themes: telephones read it so. */
function Qr({ text }: { text: string }) {
  const t = useT();
  const { data, size } = encode(text, { border: 4 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg className="qr" role="img" aria-label={t.access.app.qr} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
