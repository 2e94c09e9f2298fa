import { History, UsersRound, Layers, List, PencilRuler, Maximize, Minus, Plus } from 'lucide-react';
import type { Dispatch } from 'react';
import type { SiteConfig } from '../api/types';
import { useMay } from '../access/may';
import { useT } from '../i18n';
import type { UiAction, UiState } from '../state/ui';

interface Props {
  ui: UiState;
  act: Dispatch<UiAction>;
  onZoom: (levels: number) => void;
  onFit: () => void;
  onSlider: () => void;
}

export function MapButtons({ ui, act, onZoom, onFit, onSlider }: Props) {
  const t = useT();
  const mayCount = useMay('impact.run');
  return (
    <div className="map-buttons">
      <div className="button-stack wide-only">
        <button type="button" className="tool icon" aria-pressed={ui.listOpen} onClick={() => act({ do: 'list' })} aria-label={t.list.label} title={`${t.list.label} (P)`}>
          <List aria-hidden />
        </button>
        <button type="button" className="tool icon" aria-pressed={ui.layersOpen} onClick={() => act({ do: 'layers' })} aria-label={t.top.layers} title={`${t.top.layers} (L)`}>
          <Layers aria-hidden />
        </button>
      </div>
      <div className="button-stack">
        <button type="button" className="tool icon" aria-pressed={ui.draw !== null} onClick={() => act({ do: 'draw', on: ui.draw === null })} aria-label={t.draw.open} title={`${t.draw.open} (W)`}>
          <PencilRuler aria-hidden />
        </button>
        <button type="button" className="tool icon" aria-pressed={ui.slider} onClick={onSlider} aria-label={t.replay.key} title={`${t.replay.key} (T)`}>
          <History aria-hidden />
        </button>
        {mayCount && (
          <button type="button" className="tool icon" aria-pressed={ui.impact} onClick={() => act({ do: 'impact', on: !ui.impact })} aria-label={t.impact.title} title={`${t.impact.title} (H)`}>
            <UsersRound aria-hidden />
          </button>
        )}
      </div>
      <div className="button-stack">
        <button type="button" className="tool icon" onClick={() => onZoom(1)} aria-label={t.map.zoomIn} title={t.map.zoomIn}>
          <Plus aria-hidden />
        </button>
        <button type="button" className="tool icon" onClick={() => onZoom(-1)} aria-label={t.map.zoomOut} title={t.map.zoomOut}>
          <Minus aria-hidden />
        </button>
        <button type="button" className="tool icon" onClick={onFit} aria-label={t.map.fit} title={`${t.map.fit} (F)`}>
          <Maximize aria-hidden />
        </button>
      </div>
    </div>
  );
}

/** Whose map this is, and that it is made up when it is. Text, never markup: it comes from the server's settings. */
export function Attribution({ config, ui }: { config: SiteConfig; ui: UiState }) {
  const t = useT();
  const own = ui.lang === 'ja' ? config.base.attribution : config.base.attributionEn || config.base.attribution;
  const base = config.gsiTiles && ui.gsi ? config.gsiTiles.attribution : (own ?? '');
  const saysSo = base.toLowerCase().includes(t.synthetic.toLowerCase());
  const parts = [base, config.synthetic && !saysSo ? t.synthetic : '', 'MapLibre'];
  return <p className="attribution">{parts.filter(Boolean).join(' | ')}</p>;
}
