import type { Lang } from '../i18n';
import type { Theme } from './ui';

/** Remembered choices. Storage may be forbidden; then they last as long as the page. */
function recall(key: string): string | null {
  try {
    return localStorage.getItem(`field.${key}`);
  } catch {
    return null;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`field.${key}`, value);
  } catch {
    // nothing to do: the choice holds for this page
  }
}

export function recallLang(): Lang {
  return recall('lang') === 'en' ? 'en' : 'ja';
}

export function recallTheme(): Theme {
  const chosen = recall('theme');
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Who decides here. There is no sign-in yet: the name is what the person says. */
export const recallPerson = () => recall('person') ?? '';
export const rememberPerson = (name: string) => remember('person', name);

export const rememberLang = (lang: Lang) => remember('lang', lang);
export const rememberTheme = (theme: Theme) => remember('theme', theme);
