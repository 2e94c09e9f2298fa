import { Check, ClipboardCheck, CloudOff, Keyboard, Link2, LoaderCircle, LockOpen, Moon, Presentation, Search, Sun, UserRound } from 'lucide-react';
import { useCallback, useState, type Dispatch } from 'react';
import { useMay } from '../access/may';
import { PersonMenu } from '../access/PersonMenu';
import type { Session } from '../access/session';
import type { SiteConfig } from '../api/types';
import { number } from '../format/numbers';
import { clock } from '../format/time';
import { dictionaries, useT } from '../i18n';
import { LocksMenu } from '../locks/LocksMenu';
import type { View } from '../state/store';
import type { Selection, UiAction, UiState } from '../state/ui';

interface Props {
  config: SiteConfig;
  session: Session;
  view: View;
  ui: UiState;
  act: Dispatch<UiAction>;
  /** how many findings wait for a decision */
  drafts: number;
  share: Share;
  onWall: () => void;
  onSelect: (selection: Selection) => void;
}

/** Where am I, is it alive, and the few things that concern the whole screen. */
export function TopBar({ config, session, view, ui, act, drafts, share, onWall, onSelect }: Props) {
  const t = useT();
  const other = ui.lang === 'ja' ? 'en' : 'ja';
  const dark = ui.theme === 'dark';
  const mayDecide = useMay('findings.decide');
  const mayAdminister = useMay('accounts.view');
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
      <button type="button" className="tool find-button" onClick={() => act({ do: 'dialog', dialog: 'find' })} aria-label={`${t.commands.open} Ctrl K`} aria-keyshortcuts="Control+K" title={`${t.commands.open} (Ctrl+K)`}>
        <Search aria-hidden /> <span>{t.commands.open}</span> <kbd aria-hidden>Ctrl K</kbd>
      </button>
      <button type="button" className="tool icon wall-button" onClick={onWall} aria-label={t.commands.of.wall} title={`${t.commands.of.wall} (O)`}>
        <Presentation aria-hidden />
      </button>
      <span className="grow" />
      {session.signIn === 'open' && (
        <span className="open-mark" title={t.access.openHint}>
          <LockOpen aria-hidden size={16} /> <span>{t.access.open}</span>
        </span>
      )}
      {mayDecide && (
      <button type="button" className="button review-button" aria-pressed={ui.review} onClick={() => act({ do: 'review', on: !ui.review })} title={`${t.review.openLabel(number(drafts))} (V)`}>
        <ClipboardCheck aria-hidden size={20} /> {t.review.open(number(drafts))}
      </button>
      )}
      <LocksMenu view={view} person={ui.person} open={ui.dialog === 'locks'} onOpen={(on) => act({ do: 'dialog', dialog: on ? 'locks' : null })} onSelect={onSelect} />
      {session.person ? <PersonMenu person={session.person} onAccounts={mayAdminister ? () => act({ do: 'dialog', dialog: 'accounts' }) : null} /> : (ui.person || ui.review) && (
        <button type="button" className="tool person" onClick={() => act({ do: 'askPerson', open: true })} aria-label={t.review.person.change(ui.person || t.review.person.none)} title={t.review.person.change(ui.person || t.review.person.none)}>
          <UserRound aria-hidden /> <span>{ui.person || t.review.person.none}</span>
        </button>
      )}
      <LinkState view={view} />
      <ShareButton share={share} />
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

/** One quiet line while the connection is lost: since when what is shown is old. It lies over the map, so that nothing moves under the hand when it comes or goes. */
export function LinkBar({ view }: { view: View }) {
  const t = useT();
  const lost = view.link === 'reconnecting' || view.link === 'offline';
  const heard = view.heardAtMs === null ? t.link.never : clock(t, new Date(view.heardAtMs));
  return (
    <div role="status">
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

export interface Share {
  said: string | null;
  copy: () => void;
}

/** Copies the address of what is shown, and says so for a moment. */
export function useShare(): Share {
  const t = useT();
  const [said, setSaid] = useState<string | null>(null);
  const copy = useCallback(() => {
    const say = (text: string) => {
      setSaid(text);
      setTimeout(() => setSaid(null), 4_000);
    };
    if (!navigator.clipboard) return say(t.top.shareFailed);
    navigator.clipboard.writeText(window.location.href).then(
      () => say(t.top.shared),
      () => say(t.top.shareFailed),
    );
  }, [t]);
  return { said, copy };
}

function ShareButton({ share: { said, copy } }: { share: Share }) {
  const t = useT();
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
