import { Pencil, Pentagon, Redo2, Trash2, Undo2 } from 'lucide-react';
import { useState, type InputHTMLAttributes } from 'react';
import { measureText } from '../draw/DrawPanel';
import { verticesOf } from '../draw/vertices';
import { dateTime, dayText } from '../format/time';
import { useT } from '../i18n';
import { useNow } from '../useNow';
import { contentOf, type AreaContent, type NoFlyState } from './useNoFly';

/** The areas that every route keeps out of: drawn on the map, named, kept on the server for all who plan. */
export function KeptNoFly({ state }: { state: NoFlyState }) {
  const t = useT();
  const n = t.routes.kept;
  const { doing, areas, edited, sketch } = state;
  return (
    <div className="no-fly">
      {areas.length === 0 && doing === null && <p className="note">{n.none}</p>}
      <ul className="no-fly-list" aria-label={t.routes.noFly}>
        {areas.map(({ properties: p }) => (
          <li key={p.boardId} data-edited={p.boardId === edited?.properties.boardId}>
            <span>
              <strong>{p.title}</strong>
              {p.note && <span className="no-fly-note">{p.note}</span>}
              {p.permitNumber && <PermitNote number={p.permitNumber} holder={p.permitHolder ?? ''} until={p.permitUntil ?? ''} />}
              <small>{t.board.follow.by(p.changedBy ?? '', dateTime(t, p.changedAt))}</small>
            </span>
            <button type="button" className="tool icon" aria-label={n.edit(p.title ?? '')} title={n.edit(p.title ?? '')} aria-pressed={p.boardId === edited?.properties.boardId} onClick={() => (edited?.properties.boardId === p.boardId ? state.stop() : state.edit(p.boardId))}>
              <Pencil aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {doing?.do === 'draw' ? (
        <div className="route-buttons">
          <button type="button" className="button" onClick={() => sketch.addMiddle()} title={t.draw.middleKey}>{t.draw.middle}</button>
          {sketch.points.length > 0 && <button type="button" className="button" onClick={sketch.back}>{t.draw.back}</button>}
          {sketch.enough && <button type="button" className="button primary" onClick={sketch.finish}>{t.draw.finish}</button>}
          <button type="button" className="button" onClick={state.stop}>{n.cancel}</button>
        </div>
      ) : doing?.do === 'name' || edited ? (
        <AreaForm key={edited?.properties.boardId ?? 'new'} state={state} />
      ) : (
        <div className="route-buttons">
          <button type="button" className="button" onClick={state.draw}>
            <Pentagon aria-hidden size={18} /> {n.draw}
          </button>
          <button type="button" className="tool icon" disabled={!state.undo} onClick={state.undo ?? undefined} aria-label={t.draw.undo} title={t.draw.undo}><Undo2 aria-hidden /></button>
          <button type="button" className="tool icon" disabled={!state.redo} onClick={state.redo ?? undefined} aria-label={t.draw.redo} title={t.draw.redo}><Redo2 aria-hidden /></button>
        </div>
      )}
      <p className="note" role={state.said ? 'alert' : 'status'} data-bad={state.said !== null}>
        {state.said ?? (doing?.do === 'draw' ? n.drawHint : doing?.do === 'name' ? n.nameHint : edited ? n.editHint : '')}
      </p>
    </div>
  );
}

/** Whether it counts is for the server to say; here a day that is over is told. */
function PermitNote({ number, holder, until }: { number: string; holder: string; until: string }) {
  const n = useT().routes.kept;
  const isOver = until < dayText(useNow());
  return <span className="no-fly-note" data-over={isOver}>{(isOver ? n.permitOver : n.permit)(number, holder, until)}</span>;
}

/** Name, reason and permit of the area that was drawn, or that is being changed; its corners are moved on the map. */
function AreaForm({ state }: { state: NoFlyState }) {
  const t = useT();
  const n = t.routes.kept;
  const { edited, geometry, vertices } = state;
  const [content, setContent] = useState(() => contentOf(edited?.properties ?? {}));
  const input = (name: keyof AreaContent, props: InputHTMLAttributes<HTMLInputElement>) => (
    <label className="field">
      <span>{n.fields[name]}</span>
      <input
        {...props}
        value={content[name]}
        onChange={(e) => {
          const said = e.currentTarget.value;
          setContent((c) => ({ ...c, [name]: said }));
        }}
      />
    </label>
  );
  return (
    <form
      className="no-fly-form"
      onSubmit={(e) => {
        e.preventDefault();
        if (content.title.trim()) void state.keep(content);
      }}
    >
      <p className="quiet">{measureText(t, 'area', verticesOf(geometry))}</p>
      {input('title', { autoFocus: true, maxLength: 100, placeholder: n.nameExample })}
      {input('note', { maxLength: 1000, placeholder: n.noteExample })}
      <details open={Boolean(edited?.properties.permitNumber)}>
        <summary>{n.permitTitle}</summary>
        <p className="note">{n.permitHint}</p>
        {input('permitNumber', { maxLength: 100 })}
        {input('permitHolder', { maxLength: 100 })}
        {input('permitUntil', { type: 'date' })}
      </details>
      <div className="route-buttons">
        <button type="submit" className="button primary" disabled={!content.title.trim()}>{n.save}</button>
        <button type="button" className="button" onClick={state.stop}>{n.cancel}</button>
        <button type="button" className="button" disabled={vertices.remove === null} onClick={vertices.remove ?? undefined}>{t.draw.removeVertex}</button>
        {edited && (
          <button type="button" className="button" onClick={() => void state.remove(edited.properties.boardId)}>
            <Trash2 aria-hidden size={18} /> {n.remove}
          </button>
        )}
      </div>
    </form>
  );
}
