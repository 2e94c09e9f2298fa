import { MapPin, Pentagon, Redo2, Ruler, Spline, SquareDashed, Trash2, Type, Undo2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useMay } from '../access/may';
import type { BoardValues } from '../board/api';
import type { BoardFeature, BoardProperties, Shape } from '../board/types';
import { number } from '../format/numbers';
import { useT, type Dictionary } from '../i18n';
import type { MapController } from '../map/mapController';
import type { View } from '../state/store';
import type { Theme } from '../state/ui';
import { colourOf, colours, drawingShapes, patterns, type Colour, type PatternName } from './drawLayers';
import { areaM2, lengthM, type Position } from './geodesy';
import { useSketch, type SketchKind } from './useSketch';
import { useSteps, type Shared } from './useSteps';
import { verticesOf } from './vertices';
import { useVertices } from './useVertices';

/** Draws what the board holds; also while the panel is closed. */
export function useDrawings(controller: MapController | null, view: View, withWords: boolean) {
  const { board } = view;
  const version = board.version;
  useEffect(() => controller?.setDrawings(drawingShapes(board.values(), withWords)), [controller, board, version, withWords]);
}

type Tool = 'distance' | 'area' | Shape;
const tools: [Tool, typeof Ruler, SketchKind][] = [
  ['distance', Ruler, 'line'], ['area', SquareDashed, 'polygon'], ['point', MapPin, 'point'], ['line', Spline, 'line'], ['polygon', Pentagon, 'polygon'], ['text', Type, 'point'],
];

interface Props extends Shared {
  controller: MapController | null;
  theme: Theme;
  /** the drawing that was chosen on the map, to be changed */
  chosen: string | null;
  onChoose: (boardId: string | null) => void;
  onClose: () => void;
}

/** Measures, and writes on the map that the whole headquarters shares. */
export function DrawPanel({ controller, theme, chosen, onChoose, onClose, ...shared }: Props) {
  const { view } = shared;
  const t = useT();
  const may = useMay('board.manage');
  const [tool, setTool] = useState<Tool | null>('distance');
  const [colour, setColour] = useState<Colour>('red');
  const [pattern, setPattern] = useState<PatternName>('none');
  const [title, setTitle] = useState('');
  const [measured, setMeasured] = useState<string | null>(null);
  const [lacksWords, setLacksWords] = useState(false);
  const steps = useSteps(shared);
  const d = t.draw;
  const edited = chosen === null ? undefined : view.board.get(chosen);
  const said = steps.said ?? (lacksWords ? d.wordsFirst : null);
  const done = (points: Position[]) => {
    if (tool === 'distance' || tool === 'area') return setMeasured(measureText(t, tool, points));
    const lacks = tool === 'text' && !title.trim();
    setLacksWords(lacks);
    if (lacks) steps.forget();
    if (tool === null || lacks) return;
    const geometry =
      tool === 'polygon' ? { type: 'Polygon' as const, coordinates: [[...points, points[0]!]] } : tool === 'line' ? { type: 'LineString' as const, coordinates: points } : { type: 'Point' as const, coordinates: points[0]! };
    void steps.put(`drawing:${crypto.randomUUID()}`, { shape: tool, colour, pattern, title, geometry });
    setTitle('');
  };
  const sketch = useSketch(controller, edited ? null : (tools.find(([name]) => name === tool)?.[2] ?? null), done, () => (sketch.points.length > 0 ? setTool(tool) : onClose()));
  const vertices = useVertices(controller, may && edited ? edited.geometry : null, d, (geometry) => steps.put(chosen!, { ...lookOf(edited!.properties), geometry }));
  const live = tool === 'distance' || tool === 'area' ? (sketch.points.length > 1 ? measureText(t, tool, sketch.points) : measured) : null;

  return (
    <section className="draw-panel" aria-label={d.title}>
      <header>
        <h2>{edited ? d.edit : d.title}</h2>
        {may && (
          <>
            <button type="button" className="tool icon" disabled={!steps.undo} onClick={steps.undo ?? undefined} aria-label={d.undo} title={d.undo}><Undo2 aria-hidden /></button>
            <button type="button" className="tool icon" disabled={!steps.redo} onClick={steps.redo ?? undefined} aria-label={d.redo} title={d.redo}><Redo2 aria-hidden /></button>
          </>
        )}
        <button type="button" className="tool icon" onClick={edited ? () => onChoose(null) : onClose} aria-label={d.close} title={`${d.close} (Esc)`}><X aria-hidden /></button>
      </header>
      {!edited && (
        <div className="draw-tools" role="group" aria-label={d.title}>
          {tools.filter(([name]) => may || name === 'distance' || name === 'area').map(([name, Icon]) => (
            <button key={name} type="button" className="tool" aria-pressed={tool === name} onClick={() => { setTool(name); setMeasured(null); setLacksWords(false); steps.forget(); }}>
              <Icon aria-hidden size={20} /> {d.tool[name]}
            </button>
          ))}
        </div>
      )}
      {live && <p className="draw-figure" role="status">{live}</p>}
      {edited ? (
        <EditDrawing key={`${chosen} ${JSON.stringify(lookOf(edited.properties))}`} feature={edited} theme={theme} may={may} onSave={(values) => void steps.put(edited.properties.boardId, values)} onRemove={() => { void steps.put(edited.properties.boardId, { removed: true }); onChoose(null); }} />
      ) : (
        tool !== null && tool !== 'distance' && tool !== 'area' && <LookForm theme={theme} look={{ colour, pattern, title }} needsTitle={tool === 'text'} onChange={(look) => { setColour(look.colour); setPattern(look.pattern); setTitle(look.title); }} />
      )}
      {edited && may && (
        <div className="draw-foot">
          <button type="button" className="button" disabled={vertices.remove === null} onClick={vertices.remove ?? undefined}>{d.removeVertex}</button>
          {vertices.chosen !== null && <span className="quiet">{d.vertex(vertices.chosen + 1, verticesOf(edited.geometry).length)}</span>}
        </div>
      )}
      {!edited && (
        <div className="draw-foot">
          <button type="button" className="button" onClick={() => sketch.addMiddle()} title={d.middleKey}>{d.middle}</button>
          {sketch.points.length > 0 && <button type="button" className="button" onClick={sketch.back}>{d.back}</button>}
          {sketch.enough && tool !== 'point' && <button type="button" className="button primary" onClick={sketch.finish}>{d.finish}</button>}
        </div>
      )}
      <p className="note" role={said ? 'alert' : undefined} data-bad={said !== null}>{said ?? (edited ? (vertices.tooMany ? d.tooManyVertices : may ? d.editHint : '') : d.hint)}</p>
    </section>
  );
}

interface Look {
  colour: Colour;
  pattern: PatternName;
  title: string;
}

const lookOf = (p: BoardProperties) => ({ shape: p.shape ?? null, colour: p.colour ?? null, pattern: p.pattern ?? null, title: p.title ?? null });

function LookForm({ theme, look, needsTitle, onChange }: { theme: Theme; look: Look; needsTitle: boolean; onChange: (look: Look) => void }) {
  const t = useT();
  const d = t.draw;
  return (
    <div className="draw-look">
      <label className="field">
        <span>{needsTitle ? d.words : d.wordsOptional}</span>
        <input value={look.title} maxLength={100} onChange={(e) => onChange({ ...look, title: e.currentTarget.value })} />
      </label>
      <div className="draw-choices" role="group" aria-label={d.colour}>
        {colours.map((c) => (
          <button key={c} type="button" className="draw-swatch" aria-pressed={look.colour === c} aria-label={d.colours[c]} title={d.colours[c]} style={{ '--swatch': colourOf[theme][c] } as React.CSSProperties} onClick={() => onChange({ ...look, colour: c })} />
        ))}
      </div>
      <div className="draw-choices" role="group" aria-label={d.pattern}>
        {patterns.map((p) => (
          <button key={p} type="button" className="chip" data-state={look.pattern === p ? 'on' : 'off'} aria-pressed={look.pattern === p} onClick={() => onChange({ ...look, pattern: p })}>
            {d.patterns[p]}
          </button>
        ))}
      </div>
    </div>
  );
}

interface EditProps {
  feature: BoardFeature;
  theme: Theme;
  may: boolean;
  onSave: (values: BoardValues) => void;
  onRemove: () => void;
}

function EditDrawing({ feature, theme, may, onSave, onRemove }: EditProps) {
  const t = useT();
  const d = t.draw;
  const p = feature.properties;
  const [look, setLook] = useState<Look>({ colour: (p.colour as Colour | null) ?? 'black', pattern: (p.pattern as PatternName | null) ?? 'none', title: p.title ?? '' });
  const g = feature.geometry;
  const size = g?.type === 'LineString' ? measureText(t, 'distance', g.coordinates as Position[]) : g?.type === 'Polygon' ? measureText(t, 'area', g.coordinates[0]!.slice(0, -1) as Position[]) : null;
  return (
    <>
      {size && <p className="draw-figure">{size}</p>}
      <p className="quiet">{t.board.follow.by(p.changedBy ?? '', '')}</p>
      {may && (
        <>
          <LookForm theme={theme} look={look} needsTitle={p.shape === 'text'} onChange={setLook} />
          <div className="draw-foot">
            <button type="button" className="button" onClick={onRemove}><Trash2 aria-hidden size={18} /> {d.remove}</button>
            <button type="button" className="button primary" onClick={() => onSave({ shape: p.shape ?? null, geometry: g, ...look })}>{d.save}</button>
          </div>
        </>
      )}
    </>
  );
}

/** Metres and hectares as a person says them. */
export function measureText(t: Dictionary, what: 'distance' | 'area', points: Position[]): string {
  const around = lengthM(what === 'area' && points.length > 2 ? [...points, points[0]!] : points);
  const length = around < 10_000 ? `${number(around, around < 100 ? 1 : 0)} m` : `${number(around / 1000, 2)} km`;
  if (what === 'distance') return t.draw.distance(length);
  const area = areaM2(points);
  return t.draw.area(area < 10_000 ? `${number(area, area < 100 ? 1 : 0)} m²` : area < 1e6 ? `${number(area / 1e4, 2)} ha` : `${number(area / 1e6, 2)} km²`, length);
}
