import type { Lang } from '../i18n';
import { noBoardFilters, type BoardFilters } from '../board/items';
import { noFilters, type Filters, type Sort } from './filters';

export type Theme = 'light' | 'dark';
export type LayerName = 'findings' | 'footprints' | 'cameras' | 'devices' | 'assets' | 'doors';
export type ListTab = 'board' | 'findings' | 'photos' | 'devices' | 'flights';
export type DialogName = 'find' | 'locks' | 'accounts' | 'situation' | 'statusReport' | 'importLayer';
export type Selection = { kind: 'finding' | 'photo' | 'device' | 'asset' | 'item' | 'drawing' | 'door'; id: string };

export interface UiState {
  lang: Lang;
  theme: Theme;
  selection: Selection | null;
  filters: Filters;
  sort: Sort;
  board: BoardFilters;
  tab: ListTab;
  layers: Record<LayerName, boolean>;
  gsi: boolean;
  mask: boolean;
  listOpen: boolean;
  layersOpen: boolean;
  helpOpen: boolean;
  /** the time slider stands under the map */
  slider: boolean;
  /** measuring and drawing; the drawing that is being changed, or null */
  draw: { chosen: string | null } | null;
  /** who lives in a hazard */
  impact: boolean;
  /** the screen stands on the wall of the headquarters */
  wall: boolean;
  /** what stands over the screen and takes the keys */
  dialog: DialogName | null;
  /** The review screen stands over the map; the selection is the finding that is judged. */
  review: boolean;
  /** a flight along the chosen asset is being planned in the drawer */
  route: boolean;
  /** the name of who decides; empty: not said yet */
  person: string;
  personOpen: boolean;
}

export type UiAction =
  | { do: 'select'; selection: Selection | null }
  | { do: 'filter'; filters: Partial<Filters> }
  | { do: 'sort'; sort: Sort }
  | { do: 'board'; filters: Partial<BoardFilters> }
  | { do: 'tab' | 'openTab'; tab: ListTab }
  | { do: 'layer'; layer: LayerName; on: boolean }
  | { do: 'gsi'; on: boolean }
  | { do: 'lang'; lang: Lang }
  | { do: 'theme'; theme: Theme }
  | { do: 'draw'; on: boolean; chosen?: string | null }
  | { do: 'route'; on: boolean }
  | { do: 'impact' | 'wall'; on: boolean }
  | { do: 'dialog'; dialog: DialogName | null }
  | { do: 'review'; on: boolean; findingId?: string | undefined }
  | { do: 'person'; name: string }
  | { do: 'askPerson'; open: boolean }
  | { do: 'mask' | 'slider' | 'list' | 'layers' | 'help' | 'clearFilters' | 'back' | 'onlyMap' };

/** From this width on the panels stand beside the map; below they are sheets over it, one at a time. */
export const wideScreenPx = 1200;
export const isWide = () => window.innerWidth >= wideScreenPx;

export function initialUi(lang: Lang, theme: Theme, selection: Selection | null, wide: boolean, review = false, person = ''): UiState {
  return {
    lang,
    theme,
    selection,
    filters: noFilters,
    sort: 'score',
    board: noBoardFilters,
    tab: 'findings',
    layers: { findings: true, footprints: true, cameras: true, devices: true, assets: true, doors: true },
    gsi: false,
    mask: true,
    listOpen: wide,
    layersOpen: wide && selection === null,
    helpOpen: false,
    slider: false,
    draw: null,
    impact: false,
    wall: false,
    dialog: null,
    review,
    route: false,
    person,
    personOpen: review && person === '',
  };
}

/** What the person did, made into the next state of the screen. `wide` decides whether panels share the screen. */
export function reduceUi(ui: UiState, action: UiAction, wide: boolean): UiState {
  switch (action.do) {
    case 'draw':
      return { ...(wide ? ui : onlyMap(ui)), draw: action.on ? { chosen: action.chosen ?? null } : null, impact: false, layersOpen: false };
    case 'impact':
      return { ...(wide ? ui : onlyMap(ui)), impact: action.on, draw: null, layersOpen: false };
    case 'wall':
      return { ...onlyMap(ui), wall: action.on, draw: null, impact: false, slider: false, helpOpen: false, dialog: null, ...(action.on ? {} : { tab: 'board', listOpen: wide }) };
    case 'dialog':
      return { ...ui, dialog: action.dialog };
    case 'select':
      if (action.selection?.kind === 'drawing') return reduceUi(ui, { do: 'draw', on: true, chosen: action.selection.id }, wide);
      return {
        ...ui,
        selection: action.selection,
        route: false,
        layersOpen: action.selection ? false : ui.layersOpen,
        listOpen: wide || !action.selection ? ui.listOpen : false,
      };
    case 'filter':
      return { ...ui, filters: { ...ui.filters, ...action.filters } };
    case 'clearFilters':
      return { ...ui, filters: noFilters };
    case 'board':
      return { ...ui, board: { ...ui.board, ...action.filters } };
    case 'sort':
      return { ...ui, sort: action.sort };
    case 'tab':
      return { ...ui, tab: action.tab };
    case 'openTab':
      return { ...(wide ? ui : onlyMap(ui)), tab: action.tab, listOpen: true };
    case 'layer':
      return { ...ui, layers: { ...ui.layers, [action.layer]: action.on } };
    case 'gsi':
      return { ...ui, gsi: action.on };
    case 'lang':
      return { ...ui, lang: action.lang };
    case 'theme':
      return { ...ui, theme: action.theme };
    case 'route':
      return { ...ui, route: action.on && ui.selection?.kind === 'asset' };
    case 'review':
      return {
        ...ui,
        review: action.on,
        route: false,
        selection: action.findingId ? { kind: 'finding', id: action.findingId } : ui.selection,
        personOpen: action.on && ui.person === '',
      };
    case 'person':
      return { ...ui, person: action.name, personOpen: false };
    case 'askPerson':
      return { ...ui, personOpen: action.open };
    case 'mask':
      return { ...ui, mask: !ui.mask };
    case 'slider':
      return { ...ui, slider: !ui.slider };
    case 'help':
      return { ...ui, helpOpen: !ui.helpOpen };
    case 'list':
      return wide ? { ...ui, listOpen: !ui.listOpen } : { ...onlyMap(ui), listOpen: !ui.listOpen };
    case 'layers':
      return wide ? { ...ui, layersOpen: !ui.layersOpen } : { ...onlyMap(ui), layersOpen: !ui.layersOpen };
    case 'onlyMap':
      return onlyMap(ui);
    case 'back':
      if (ui.wall) return reduceUi(ui, { do: 'wall', on: false }, wide);
      if (ui.review) return { ...ui, review: false };
      if (ui.draw) return { ...ui, draw: null };
      if (ui.impact) return { ...ui, impact: false };
      if (ui.route) return { ...ui, route: false };
      if (ui.selection) return { ...ui, selection: null };
      return wide ? { ...ui, layersOpen: false } : onlyMap(ui);
  }
}

const onlyMap = (ui: UiState): UiState => ({ ...ui, selection: null, route: false, listOpen: false, layersOpen: false });
