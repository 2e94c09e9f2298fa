import { Layers, List, Map } from 'lucide-react';
import type { Dispatch } from 'react';
import { useT } from '../i18n';
import type { UiAction, UiState } from '../state/ui';

/** The tablet's bar: one sheet at a time over the map. */
export function BottomNav({ ui, act }: { ui: UiState; act: Dispatch<UiAction> }) {
  const t = useT();
  const onMap = !ui.listOpen && !ui.layersOpen;
  return (
    <nav className="bottom-nav" aria-label={t.nav.label}>
      <button type="button" aria-pressed={onMap} onClick={() => act({ do: 'onlyMap' })}>
        <Map aria-hidden />
        {t.nav.map}
      </button>
      <button type="button" aria-pressed={ui.listOpen} onClick={() => act({ do: 'list' })}>
        <List aria-hidden />
        {t.nav.list}
      </button>
      <button type="button" aria-pressed={ui.layersOpen} onClick={() => act({ do: 'layers' })}>
        <Layers aria-hidden />
        {t.nav.layers}
      </button>
    </nav>
  );
}
