import { createContext, useContext } from 'react';
import { en } from './en';
import { ja, type Dictionary } from './ja';

export type Lang = 'ja' | 'en';
export type { Dictionary };

export const dictionaries: Record<Lang, Dictionary> = { ja, en };

export const LangContext = createContext<Lang>('ja');

export const useLang = () => useContext(LangContext);

/** The dictionary of the chosen language. */
export const useT = () => dictionaries[useContext(LangContext)];

/** A code's wording, or the code itself when the dictionary does not know it. */
export const wording = (words: Record<string, string>, code: string) => (Object.hasOwn(words, code) ? words[code]! : code);
