import { Moon, Sun } from 'lucide-react';
import type { Dispatch, ReactNode } from 'react';
import { dictionaries, useT } from '../i18n';
import type { UiAction, UiState } from '../state/ui';
import type { Session } from './session';

interface Props {
  session: Session;
  ui: UiState;
  act: Dispatch<UiAction>;
  title: string;
  children: ReactNode;
}

/** The page before the map: whose map it is, one thing to do, and the language. */
export function Frame({ session, ui, act, title, children }: Props) {
  const t = useT();
  const other = ui.lang === 'ja' ? 'en' : 'ja';
  const dark = ui.theme === 'dark';
  return (
    <div className="access">
      <header className="access-top">
        <span className="product">Field</span>
        <span className="site">{ui.lang === 'ja' ? session.siteName : session.siteNameEn || session.siteName}</span>
        <span className="grow" />
        <button type="button" className="tool" lang={other} onClick={() => act({ do: 'lang', lang: other })} aria-label={`${t.top.language}: ${dictionaries[other].languageName}`}>
          {dictionaries[other].languageName}
        </button>
        <button type="button" className="tool icon" onClick={() => act({ do: 'theme', theme: dark ? 'light' : 'dark' })} aria-label={dark ? t.top.themeToLight : t.top.themeToDark} title={dark ? t.top.themeToLight : t.top.themeToDark}>
          {dark ? <Sun aria-hidden /> : <Moon aria-hidden />}
        </button>
      </header>
      <main className="access-card">
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}
