/** Something that can be chosen in the palette. */
export interface Entry {
  id: string;
  group: 'command' | 'item' | 'device' | 'asset' | 'drawing' | 'layer';
  text: string;
  /** what tells it from others of the same name */
  note?: string;
  /** readings and other names it is found by */
  words?: string;
  keys?: string[];
  run: () => void;
}

/** Half and full width, capitals, katakana and hiragana, long vowels, hyphens and spaces make no difference to who types at night. */
export const folded = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60))
    .replace(/[\s・\-‐–—ー_/]/g, '');

interface Folded {
  name: string;
  note: string;
  words: string[];
}

type Named = Pick<Entry, 'text' | 'note' | 'words'>;
const known = new WeakMap<Named, Folded>();

/** Once for each entry: whoever types quickly searches thousands of assets at every key. */
function foldedOf(entry: Named): Folded {
  let made = known.get(entry);
  if (!made) known.set(entry, (made = { name: folded(entry.text), note: folded(entry.note ?? ''), words: (entry.words ?? '').split(' ').map(folded) }));
  return made;
}

/** What holds every word that was typed; the beginning of a name before the middle of one, a name before its readings. */
export function search<E extends Named>(entries: readonly E[], typed: string): E[] {
  const tokens = typed.normalize('NFKC').split(/\s+/).map(folded).filter((token) => token !== '');
  if (tokens.length === 0) return [...entries];
  return entries
    .flatMap((entry) => {
      const ranks = tokens.map((token) => rankOf(foldedOf(entry), token));
      return ranks.includes(-1) ? [] : [{ entry, rank: ranks.reduce((sum, rank) => sum + rank, 0) }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}

/** 0: at the beginning of the name; -1: nowhere. */
function rankOf({ name, note, words }: Folded, token: string): number {
  const at = name.indexOf(token);
  if (at >= 0) return at === 0 ? 0 : 1;
  if (words.some((w) => w.startsWith(token))) return 2;
  return note.includes(token) || words.some((w) => w.includes(token)) ? 3 : -1;
}
