import { useEffect, useMemo, useReducer, useState } from 'react';
import { ApiError, getConfig } from './api/client';
import type { SiteConfig } from './api/types';
import { App } from './App';
import { dictionaries, LangContext } from './i18n';
import { Fatal } from './panels/Fatal';
import { recallLang, recallPerson, recallTheme, rememberLang, rememberPerson, rememberTheme } from './state/preferences';
import { initialUi, isWide, reduceUi, type UiAction, type UiState } from './state/ui';
import { readUrl } from './state/url';

const retryMs = 5_000;

/** Loads what the site is; until then there is nothing to show but why. */
export function Root() {
  const url = useMemo(() => readUrl(window.location.search), []);
  const [ui, act] = useReducer(
    (state: UiState, action: UiAction) => reduceUi(state, action, isWide()),
    null,
    () => initialUi(url.lang ?? recallLang(), url.theme ?? recallTheme(), url.selection, isWide(), url.review, recallPerson()),
  );
  const [config, setConfig] = useState<SiteConfig | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (config) return;
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
  }, [config, attempt]);

  useEffect(() => {
    document.documentElement.lang = ui.lang;
    rememberLang(ui.lang);
  }, [ui.lang]);
  useEffect(() => rememberPerson(ui.person), [ui.person]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = ui.theme;
    rememberTheme(ui.theme);
  }, [ui.theme]);
  useEffect(() => {
    const name = config && (ui.lang === 'ja' ? config.siteName : config.siteNameEn || config.siteName);
    document.title = name ? `${name} — ${dictionaries[ui.lang].app}` : dictionaries[ui.lang].app;
  }, [config, ui.lang]);

  return (
    <LangContext value={ui.lang}>
      {config ? (
        <App config={config} ui={ui} act={act} start={url} />
      ) : error ? (
        <Fatal error={error} onRetry={() => setAttempt((n) => n + 1)} />
      ) : (
        <div className="splash" aria-busy="true">
          {dictionaries[ui.lang].list.loading}
        </div>
      )}
    </LangContext>
  );
}
