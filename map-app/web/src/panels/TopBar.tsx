import { Check, ClipboardCheck, CloudOff, Keyboard, Link2, LoaderCircle, LockOpen, Moon, Sun, UserRound } from 'lucide-react';
import { useState, type Dispatch } from 'react';
import { useMay } from '../access/may';
import { PersonMenu } from '../access/PersonMenu';
import type { Session } from '../access/session';
import type { SiteConfig } from '../api/types';
import { number } from '../format/numbers';
import { clock } from '../format/time';
import { dictionaries, useT } from '../i18n';
import { LocksMenu } from '../locks/LocksMenu';
import type { View } from '../state/store';
import type { UiAction, UiState } from '../state/ui';

interface Props {
  config: SiteConfig;
  session: Session;
  view: View;
  ui: UiState;
  act: Dispatch<UiAction>;
  /** how many findings wait for a decision */
  drafts: number;
}

/** Where am I, is it alive, and the few things that concern the whole screen. */
export function TopBar({ config, session, view, ui, act, drafts }: Props) {
  const t = useT();
  const other = ui.lang === 'ja' ? 'en' : 'ja';
  const dark = ui.theme === 'dark';
  const mayDecide = useMay('findings.decide');
  return (
    <header className="topbar">
      <h1>
        <span className="product">Field</span>
        <span className="site">{ui.lang === 'ja' ? config.siteName : config.siteNameEn || config.siteName}</span>
      </h1>
      {config.synthetic && (
        <span className="synthetic" title={t.syntheticLong}>
          {t.synthetic}
        </span>
      )}
      <span className="grow" />
      {session.signIn === 'open' && (
        <span className="open-mark" title={t.access.openHint}>
          <LockOpen aria-hidden size={16} /> {t.access.open}
        </span>
      )}
      {mayDecide && (
      <button type="button" className="button review-button" aria-pressed={ui.review} onClick={() => act({ do: 'review', on: !ui.review })} title={`${t.review.openLabel(number(drafts))} (V)`}>
        <ClipboardCheck aria-hidden size={20} /> {t.review.open(number(drafts))}
      </button>
      )}
      <LocksMenu view={view} person={ui.person} />
      {session.person ? <PersonMenu person={session.person} /> : (ui.person || ui.review) && (
        <button type="button" className="tool person" onClick={() => act({ do: 'askPerson', open: true })} aria-label={t.review.person.change(ui.person || t.review.person.none)} title={t.review.person.change(ui.person || t.review.person.none)}>
          <UserRound aria-hidden /> <span>{ui.person || t.review.person.none}</span>
        </button>
      )}
      <LinkState view={view} />
      <ShareButton />
      <button type="button" className="tool" lang={other} onClick={() => act({ do: 'lang', lang: other })} aria-label={`${t.top.language}: ${dictionaries[other].languageName}`}>
        {dictionaries[other].languageName}
      </button>
      <button type="button" className="tool icon" onClick={() => act({ do: 'theme', theme: dark ? 'light' : 'dark' })} aria-label={dark ? t.top.themeToLight : t.top.themeToDark} title={dark ? t.top.themeToLight : t.top.themeToDark}>
        {dark ? <Sun aria-hidden /> : <Moon aria-hidden />}
      </button>
      <button type="button" className="tool icon" onClick={() => act({ do: 'help' })} aria-label={t.top.shortcuts} title={`${t.top.shortcuts} (?)`}>
        <Keyboard aria-hidden />
      </button>
    </header>
  );
}

function LinkState({ view }: { view: View }) {
  const t = useT();
  if (view.link !== 'live')
    return (
      <span className="link" data-link={view.link}>
        {view.link === 'connecting' && (
          <>
            <LoaderCircle aria-hidden className="spin" size={18} /> {t.link.connecting}
          </>
        )}
      </span>
    );
  return (
    <span className="link" data-link="live" title={t.link.liveHint}>
      <Check aria-hidden size={18} /> {t.link.live}
    </span>
  );
}

/** One quiet line while the connection is lost: since when what is shown is old. */
export function LinkBar({ view }: { view: View }) {
  const t = useT();
  const lost = view.link === 'reconnecting' || view.link === 'offline';
  const heard = view.heardAtMs === null ? t.link.never : clock(t, new Date(view.heardAtMs));
  return (
    <div role="status" className="linkbar-holder">
      {lost && (
        <div className="linkbar" data-link={view.link}>
          {view.link === 'offline' ? <CloudOff aria-hidden size={18} /> : <LoaderCircle aria-hidden className="spin" size={18} />}
          <strong>{view.link === 'offline' ? t.link.offline(heard) : t.link.reconnecting(heard)}</strong>
          {view.heardAtMs !== null && <span>{t.link.stale(heard)}</span>}
        </div>
      )}
    </div>
  );
}

function ShareButton() {
  const t = useT();
  const [said, setSaid] = useState<string | null>(null);
  const copy = () => {
    const say = (text: string) => {
      setSaid(text);
      setTimeout(() => setSaid(null), 4_000);
    };
    if (!navigator.clipboard) return say(t.top.shareFailed);
    navigator.clipboard.writeText(window.location.href).then(
      () => say(t.top.shared),
      () => say(t.top.shareFailed),
    );
  };
  return (
    <>
      <button type="button" className="tool icon" onClick={copy} aria-label={t.top.share} title={t.top.share}>
        <Link2 aria-hidden />
      </button>
      <span role="status" className="said" data-said={said !== null}>
        {said}
      </span>
    </>
  );
}
