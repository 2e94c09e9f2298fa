import type { Permission } from '../access/session';

interface Definition {
  /** what it is called in the dictionary */
  id: string;
  /** `KeyboardEvent.key` in lower case, `ctrl+` before it when that has to be held; absent: no key of its own */
  press?: string;
  /** the keys as they are shown when `press` does not say it */
  keys?: readonly (string | { word: 'arrows' })[];
  /** who has none of these is not offered it */
  may?: Permission;
  /** a key that a part of the screen listens to by itself: only told, not run from here */
  told?: true;
}

/** Every command of the map screen, once: its key, its line in the overview of keys and its entry in the palette are made from here. */
export const commandTable = [
  { id: 'find', press: 'ctrl+k', keys: ['Ctrl', 'K'] },
  { id: 'board', press: 'i' },
  { id: 'situation', may: 'board.manage' },
  { id: 'statusReport', may: 'board.manage' },
  { id: 'draw', press: 'w' },
  { id: 'impact', press: 'h', may: 'impact.run' },
  { id: 'replay', press: 't' },
  { id: 'wall', press: 'o' },
  { id: 'findings' },
  { id: 'photos' },
  { id: 'devices' },
  { id: 'flights', press: 'g' },
  { id: 'upload', may: 'photos.upload' },
  { id: 'route', may: 'routes.plan' },
  { id: 'review', press: 'v', may: 'findings.decide' },
  { id: 'locks', press: 'b' },
  { id: 'tablet', may: 'reports.send' },
  { id: 'next', press: 'j' },
  { id: 'previous', press: 'k' },
  { id: 'list', press: 'p' },
  { id: 'layers', press: 'l' },
  { id: 'importLayer', may: 'layers.manage' },
  { id: 'accounts', may: 'accounts.view' },
  { id: 'fit', press: 'f' },
  { id: 'mask', press: 'm' },
  { id: 'photoZoom', keys: ['+', '−'], told: true },
  { id: 'photoPan', keys: [{ word: 'arrows' }], told: true },
  { id: 'photoFit', keys: ['0'], told: true },
  { id: 'mapMove', keys: [{ word: 'arrows' }, '+', '−'], told: true },
  { id: 'share' },
  { id: 'theme', press: 'd' },
  { id: 'language', press: 'e' },
  { id: 'back', press: 'escape', keys: ['Esc'] },
  { id: 'help', press: '?' },
] as const satisfies readonly Definition[];

export type CommandId = (typeof commandTable)[number]['id'];
export const commands: readonly (Definition & { id: CommandId })[] = commandTable;

/** What can be done now, and how; what is absent cannot. */
export type Runs = Partial<Record<CommandId, () => void>>;

/** The keys of a command as they are shown. */
export const keysOf = (c: Definition, arrows: string): string[] => c.keys?.map((k) => (typeof k === 'string' ? k : arrows)) ?? (c.press ? [c.press.toUpperCase()] : []);

/** Without what the role may not do. */
export const allowed = (runs: Runs, may: ReadonlySet<Permission>): Runs =>
  Object.fromEntries(commands.flatMap((c) => (runs[c.id] && (c.may === undefined || may.has(c.may)) ? [[c.id, runs[c.id]]] : [])));
