import * as drone from 'lucide-react/dist/esm/icons/drone.mjs';
import * as gauge from 'lucide-react/dist/esm/icons/gauge.mjs';
import * as megaphone from 'lucide-react/dist/esm/icons/megaphone.mjs';
import * as lock from 'lucide-react/dist/esm/icons/lock.mjs';
import * as radio from 'lucide-react/dist/esm/icons/radio.mjs';
import * as tablet from 'lucide-react/dist/esm/icons/tablet.mjs';
import { diamondPath, flawPaths } from '../flights/marks';
import type { Flaw } from '../flights/types';
import type { Theme } from '../state/ui';
import { drawDoor } from '../locks/doorIcon';
import { lucide, nodeOf, type IconNode } from './lucide';
import { markOf } from './marks';
import { palettes, type Band, type Palette } from './palette';

/** Icons are drawn for screens of twice the density. */
export const iconPixelRatio = 2;

type Draw = (g: CanvasRenderingContext2D, c: Palette) => void;

/**
 * Draws the icon of that name: `finding/{theme}/{band}/{class}/{status}/{degree}`, `device/{theme}/{state}/{kind}`, `camera/{theme}`,
 * `ring/{theme}`, `flaw/{theme}/{flaw}`, `hatch/{theme}`, `incident/{theme}/{severity}/{kind}/{open|over}`,
 * `door/{theme}/{mark}/{low|ok}`. Null when it is none of ours.
 */
export function drawIcon(name: string): ImageData | null {
  const [what, theme, a = '', b = '', status = '', label = ''] = name.split('/');
  if (theme !== 'light' && theme !== 'dark') return null;
  if (what === 'finding' && (label || status === 'rejected')) return onCanvas(pillWidth(label || '×'), theme, (g, c) => degreeBadge(g, c, b, status, label || '×'), 28);
  if (what === 'finding') return onCanvas(28, theme, (g, c) => findingBadge(g, c, a as Band, b));
  if (what === 'device') return onCanvas(32, theme, (g, c) => deviceBadge(g, c, a === 'online', b));
  if (what === 'camera') return onCanvas(22, theme, cameraMark);
  if (what === 'flaw') return onCanvas(26, theme, (g, c) => flawMark(g, c, a));
  if (what === 'hatch') return onCanvas(12, theme, hatch);
  if (what === 'incident') return onCanvas(34, theme, (g, c) => incidentMark(g, c, a, b, status === 'open'));
  if (what === 'door') return onCanvas(40, theme, (g, c) => drawDoor(g, c, a, b === 'low'));
  return what === 'ring' ? onCanvas(48, theme, ring) : null;
}

function onCanvas(size: number, theme: Theme, draw: Draw, height = size): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = size * iconPixelRatio;
  canvas.height = height * iconPixelRatio;
  const g = canvas.getContext('2d')!;
  g.scale(iconPixelRatio, iconPixelRatio);
  g.lineCap = g.lineJoin = 'round';
  draw(g, palettes[theme]);
  return g.getImageData(0, 0, canvas.width, canvas.height);
}

function disc(g: CanvasRenderingContext2D, r: number, at: number): void {
  g.beginPath();
  g.arc(at, at, r, 0, 2 * Math.PI);
}

/** Hollow, ringed or full by score, with the class's mark: readable without colour. */
function findingBadge(g: CanvasRenderingContext2D, c: Palette, band: Band, className: string): void {
  const color = c.finding[band];
  disc(g, 13, 14);
  g.fillStyle = c.casing;
  g.fill();
  disc(g, 11, 14);
  g.fillStyle = band === 'low' ? c.casing : color;
  g.fill();
  if (band === 'low') {
    disc(g, 10.5, 14);
    g.strokeStyle = color;
    g.lineWidth = 2;
    g.stroke();
  } else if (band === 'high') {
    disc(g, 13, 14);
    g.strokeStyle = color;
    g.lineWidth = 1.5;
    g.stroke();
  }
  const ink = band === 'low' ? c.finding.mid : c.findingInk;
  classMark(g, ink, className);
}

const pillWidth = (label: string) => 31 + 9 * label.length;

/** The class's mark and the degree: a hollow dashed pill for a draft, a full one for what is decided, grey for what was rejected. */
function degreeBadge(g: CanvasRenderingContext2D, c: Palette, className: string, status: string, label: string): void {
  const width = pillWidth(label);
  const pill = (inset: number) => {
    g.beginPath();
    g.roundRect(inset, 2 + inset, width - 2 * inset, 24 - 2 * inset, 12 - inset);
  };
  const decided = status === 'confirmed' || status === 'corrected';
  const color = decided ? c.finding.high : status === 'rejected' ? c.offline : c.finding.mid;
  pill(0);
  g.fillStyle = c.casing;
  g.fill();
  pill(2);
  g.fillStyle = decided ? color : c.casing;
  g.fill();
  g.setLineDash(status === 'draft' ? [4, 3] : []);
  g.strokeStyle = color;
  g.lineWidth = 2;
  g.stroke();
  g.setLineDash([]);
  const ink = decided ? c.findingInk : color;
  g.save();
  g.translate(1, 0);
  classMark(g, ink, className);
  g.restore();
  write(g, ink, label, 24 + (width - 31) / 2, '700 14px');
}

function classMark(g: CanvasRenderingContext2D, ink: string, className: string): void {
  const mark = markOf(className);
  if (mark === null) crackMark(g, ink);
  else write(g, ink, mark, 14, '700 13px');
}

function crackMark(g: CanvasRenderingContext2D, ink: string): void {
  g.strokeStyle = ink;
  g.lineWidth = 2;
  g.stroke(new Path2D('M15 5.5 12.5 8 15.5 11 12 14 15.5 17 13 19.8 14.5 22.5'));
}

function write(g: CanvasRenderingContext2D, ink: string, text: string, x: number, font: string): void {
  g.fillStyle = ink;
  g.font = `${font} "Noto Sans JP", "Noto Sans CJK JP", sans-serif`;
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  g.fillText(text, x, 14);
}

const incidentGlyphs: Record<string, IconNode> = { report: nodeOf(megaphone), sensor: nodeOf(gauge), lock: nodeOf(lock), device: nodeOf(radio) };
const incidentShapes: Record<string, string> = {
  critical: 'M17 1.5 32.5 17 17 32.5 1.5 17Z',
  warning: 'M5 5H29V29H5Z',
  none: 'M8 5H26A3 3 0 0 1 29 8V26A3 3 0 0 1 26 29H8A3 3 0 0 1 5 26V8A3 3 0 0 1 8 5Z',
  info: 'M17 4A13 13 0 1 1 16.9 4Z',
};

/** How bad by shape, fill and colour: a full diamond, a full square, a hollow square, a hollow disc; grey when it is over. */
function incidentMark(g: CanvasRenderingContext2D, c: Palette, severity: string, item: string, open: boolean): void {
  const shape = new Path2D(incidentShapes[severity] ?? incidentShapes['none']);
  const full = open && (severity === 'critical' || severity === 'warning');
  const color = open ? c.incident[severity as keyof Palette['incident']] ?? c.incident.none : c.offline;
  g.strokeStyle = c.casing;
  g.lineWidth = 5;
  g.stroke(shape);
  g.fillStyle = full ? color : c.casing;
  g.fill(shape);
  g.strokeStyle = color;
  g.lineWidth = 2.5;
  g.stroke(shape);
  lucide(g, incidentGlyphs[item] ?? nodeOf(radio), 9, 9, 16, full ? c.casing : color);
}

const glyphs: Record<string, IconNode> = { drone: nodeOf(drone), lock: nodeOf(lock), tablet: nodeOf(tablet), sensor: nodeOf(gauge), other: nodeOf(radio) };

/** Online: a full rounded square. Offline: a hollow one with a stroke through it. */
function deviceBadge(g: CanvasRenderingContext2D, c: Palette, online: boolean, kind: string): void {
  g.beginPath();
  g.roundRect(3, 3, 26, 26, 7);
  g.fillStyle = online ? c.online : c.casing;
  g.fill();
  g.strokeStyle = online ? c.casing : c.offline;
  g.lineWidth = 2;
  g.stroke();
  lucide(g, glyphs[kind] ?? nodeOf(radio), 7, 7, 18, online ? c.deviceInk : c.offline);
  if (online) return;
  g.strokeStyle = c.casing;
  g.lineWidth = 5;
  g.stroke(new Path2D('M5 27 27 5'));
  g.strokeStyle = c.offline;
  g.lineWidth = 2;
  g.stroke(new Path2D('M5 27 27 5'));
}

/** A small arrow head that points where the top of the photo points. */
function cameraMark(g: CanvasRenderingContext2D, c: Palette): void {
  const arrow = new Path2D('M11 3 17 18 11 14.5 5 18Z');
  g.strokeStyle = c.casing;
  g.lineWidth = 4;
  g.stroke(arrow);
  g.fillStyle = c.footprint;
  g.fill(arrow);
}

/** The diamond of a useless photo, with a rim so that it stands on any ground. */
function flawMark(g: CanvasRenderingContext2D, c: Palette, flaw: string): void {
  g.translate(2, 2);
  const diamond = new Path2D(diamondPath);
  g.strokeStyle = c.casing;
  g.lineWidth = 3.5;
  g.stroke(diamond);
  g.fillStyle = c.gap;
  g.fill(diamond);
  g.strokeStyle = c.casing;
  g.lineWidth = 1.8;
  g.stroke(new Path2D(flawPaths[flaw as Flaw] ?? flawPaths.unreadable));
}

/** A tile of slanted lines that joins with itself. */
function hatch(g: CanvasRenderingContext2D, c: Palette): void {
  g.strokeStyle = c.gap;
  g.lineWidth = 2;
  g.stroke(new Path2D('M-3 3 3-3M-3 15 15-3M9 15 15 9'));
}

function ring(g: CanvasRenderingContext2D, c: Palette): void {
  disc(g, 20, 24);
  g.strokeStyle = '#000000';
  g.lineWidth = 7;
  g.stroke();
  g.strokeStyle = c.selected;
  g.lineWidth = 4;
  g.stroke();
}
