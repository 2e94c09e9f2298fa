import { lazy, Suspense, useEffect, useMemo, useReducer, useState } from 'react';
import { Entrance, mayEnter } from './access/Entrance';
import { MayContext } from './access/may';
import { useSession } from './access/useSession';
import { ApiError, getConfig } from './api/client';
import type { SiteConfig } from './api/types';
import { App } from './App';
import { dictionaries, LangContext } from './i18n';
import { recallLast, rememberLast, type Last } from './offline/start';
import { Fatal } from './panels/Fatal';
import { recallLang, recallPerson, recallTheme, rememberLang, rememberPerson, rememberTheme } from './state/preferences';
import { initialUi, isWide, reduceUi, type UiAction, type UiState } from './state/ui';
import { readUrl, type Screen } from './state/url';

const TabletApp = lazy(() => import('./tablet/TabletApp'));

const retryMs = 5_000;
const widestTabletPx = 1180;

/** Asks who is signed in, then loads what the site is; until then there is nothing to show but why. */
export function Root() {
  const url = useMemo(() => readUrl(window.location.search), []);
  const [ui, act] = useReducer(
    (state: UiState, action: UiAction) => reduceUi(state, action, isWide()),
    null,
    () => {
      const first = initialUi(url.lang ?? recallLang(), url.theme ?? recallTheme(), url.selection, isWide(), url.review, recallPerson());
      return url.screen === 'wall' ? reduceUi({ ...first, review: false, personOpen: false }, { do: 'wall', on: true }, isWide()) : first;
    },
  );
  const { session: known, error: noSession, set: setSession, look } = useSession();
  const last = useLast(known === null && noSession?.status === null);
  const session = known ?? last?.session ?? null;
  const [screen, setScreen] = useState(url.screen);
  const entered = session !== null && mayEnter(session);
  const may = useMemo(() => new Set(session?.may), [session?.may]);
  const person = session?.person?.displayName ?? null;
  const [fetched, setConfig] = useState<SiteConfig | null>(null);
  const config = fetched ?? last?.config ?? null;
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (fetched || !entered) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    getConfig(abort.signal).then(
      (answer) => {
        setConfig(answer);
        if (answer.base.kind === 'gsi') act({ do: 'gsi', on: true });
      },
      (reason: unknown) => {
        if (abort.signal.aborted) return;
        setError(reason instanceof ApiError ? reason : new ApiError('/api/v1/config', null));
        timer = setTimeout(() => setAttempt((n) => n + 1), retryMs);
      },
    );
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [fetched, entered, attempt]);
  useEffect(() => {
    if (known && fetched && mayEnter(known) && known.may.includes('reports.send')) void rememberLast({ session: known, config: fetched });
  }, [known, fetched]);

  useEffect(() => {
    document.documentElement.lang = ui.lang;
    rememberLang(ui.lang);
  }, [ui.lang]);
  const signedIn = person !== null;
  useEffect(() => {
    if (!signedIn) rememberPerson(ui.person); // who signed in is not remembered here
  }, [signedIn, ui.person]);
  useEffect(() => {
    if (person !== null) act({ do: 'person', name: person });
  }, [person]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = ui.theme;
    rememberTheme(ui.theme);
  }, [ui.theme]);
  useEffect(() => {
    const site = config ?? session;
    const name = site && (ui.lang === 'ja' ? site.siteName : site.siteNameEn || site.siteName);
    document.title = name ? `${name} — ${dictionaries[ui.lang].app}` : dictionaries[ui.lang].app;
  }, [config, session, ui.lang]);

  const tablet = session !== null && isTablet(session.may.includes('reports.send'), session.person?.roles ?? [], screen);
  const switchTo = (to: 'tablet' | 'map') => {
    setScreen(to);
    window.history.replaceState(null, '', `?view=${to}`);
  };
  return (
    <LangContext value={ui.lang}>
      {session && !entered ? (
        <Entrance session={session} ui={ui} act={act} onSession={setSession} onLook={look} />
      ) : session && config && tablet ? (
        <MayContext value={may}>
          <Suspense fallback={<div className="splash" aria-busy="true">{dictionaries[ui.lang].list.loading}</div>}>
            <TabletApp key={session.person?.name ?? ''} config={config} session={session} offlineStart={known === null} ui={ui} act={act} start={url} onFullMap={() => switchTo('map')} onSignIn={look} />
          </Suspense>
        </MayContext>
      ) : session && config ? (
        <MayContext value={may}>
          <App config={config} session={session} ui={ui} act={act} start={url} onTablet={() => switchTo('tablet')} />
        </MayContext>
      ) : (session ? error : noSession) ? (
        <Fatal error={(session ? error : noSession)!} onRetry={() => (session ? setAttempt((n) => n + 1) : look())} />
      ) : (
        <div className="splash" aria-busy="true">
          {dictionaries[ui.lang].list.loading}
        </div>
      )}
    </LangContext>
  );
}

/** The tablet's screens: for those who work in the field on something as wide as a tablet, and for who asks for them. */
function isTablet(maySend: boolean, roles: string[], screen: Screen | null): boolean {
  if (!maySend || screen === 'map' || screen === 'wall') return false;
  return screen === 'tablet' || (roles.includes('field') && !roles.includes('hq') && window.innerWidth <= widestTabletPx);
}

/** Who was here last, while the server does not answer. */
function useLast(noAnswer: boolean): Last | null {
  const [last, setLast] = useState<Last | null>(null);
  useEffect(() => {
    if (!noAnswer) return;
    let gone = false;
    void recallLast().then((kept) => !gone && setLast(kept));
    return () => void (gone = true);
  }, [noAnswer]);
  return last;
}
