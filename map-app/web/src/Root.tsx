import { useEffect, useMemo, useReducer, useState } from 'react';
import { Entrance, mayEnter } from './access/Entrance';
import { MayContext } from './access/may';
import { useSession } from './access/useSession';
import { ApiError, getConfig } from './api/client';
import type { SiteConfig } from './api/types';
import { App } from './App';
import { dictionaries, LangContext } from './i18n';
import { Fatal } from './panels/Fatal';
import { recallLang, recallPerson, recallTheme, rememberLang, rememberPerson, rememberTheme } from './state/preferences';
import { initialUi, isWide, reduceUi, type UiAction, type UiState } from './state/ui';
import { readUrl } from './state/url';

const retryMs = 5_000;

/** Asks who is signed in, then loads what the site is; until then there is nothing to show but why. */
export function Root() {
  const url = useMemo(() => readUrl(window.location.search), []);
  const [ui, act] = useReducer(
    (state: UiState, action: UiAction) => reduceUi(state, action, isWide()),
    null,
    () => initialUi(url.lang ?? recallLang(), url.theme ?? recallTheme(), url.selection, isWide(), url.review, recallPerson()),
  );
  const { session, error: noSession, set: setSession, look } = useSession();
  const entered = session !== null && mayEnter(session);
  const may = useMemo(() => new Set(session?.may), [session?.may]);
  const person = session?.person?.displayName ?? null;
  const [config, setConfig] = useState<SiteConfig | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (config || !entered) return;
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
  }, [config, entered, attempt]);

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

  return (
    <LangContext value={ui.lang}>
      {session && !entered ? (
        <Entrance session={session} ui={ui} act={act} onSession={setSession} onLook={look} />
      ) : session && config ? (
        <MayContext value={may}>
          <App config={config} session={session} ui={ui} act={act} start={url} />
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
