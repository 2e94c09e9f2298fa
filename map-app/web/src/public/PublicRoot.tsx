import { useEffect, useState } from 'react';
import { ApiError, getConfig } from '../api/client';
import type { SiteConfig } from '../api/types';
import { LangContext, type Lang } from '../i18n';
import { recallLang, recallTheme, rememberLang, rememberTheme } from '../state/preferences';
import type { Theme } from '../state/ui';
import { readUrl } from '../state/url';
import { PublicApp } from './PublicApp';
import { usePublicTexts } from './texts';

const retryMs = 10_000;

/** Loads what the site is; asks again until it answers. */
export function PublicRoot() {
  const [url] = useState(() => readUrl(window.location.search)); // an English page of the city links to the English map
  const [lang, setLang] = useState<Lang>(url.lang ?? recallLang);
  const [theme, setTheme] = useState<Theme>(url.theme ?? recallTheme);
  const [config, setConfig] = useState<SiteConfig | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (config) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    getConfig(abort.signal).then(setConfig, (reason: unknown) => {
      if (abort.signal.aborted) return;
      setFailed(reason instanceof ApiError);
      timer = setTimeout(() => setAttempt((n) => n + 1), retryMs);
    });
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [config, attempt]);
  useEffect(() => {
    document.documentElement.lang = lang;
    rememberLang(lang);
  }, [lang]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    rememberTheme(theme);
  }, [theme]);
  return <LangContext value={lang}>{config ? <PublicApp {...{ config, lang, theme }} onLang={setLang} onTheme={setTheme} /> : <Starting failed={failed} />}</LangContext>;
}

function Starting({ failed }: { failed: boolean }) {
  const p = usePublicTexts();
  if (!failed) return <div className="splash" aria-busy="true" />;
  return (
    <main className="fatal" role="alert">
      <h1>{p.failed}</h1>
      <p>{p.failedHint}</p>
    </main>
  );
}
