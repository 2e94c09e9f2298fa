/** Lucide's drawing instructions; the package exports them beside the component without typing them. */
export type IconNode = [element: string, attributes: Record<string, string>][];
export const nodeOf = (module: object) => (module as { __iconData: { node: IconNode } }).__iconData.node;

/** Draws an icon of Lucide into a square. */
export function lucide(g: CanvasRenderingContext2D, icon: IconNode, x: number, y: number, size: number, ink: string): void {
  g.save();
  g.translate(x, y);
  g.scale(size / 24, size / 24);
  g.strokeStyle = ink;
  g.lineWidth = 2;
  for (const [element, a] of icon) {
    const path = new Path2D(element === 'path' ? a['d'] : undefined);
    const n = (name: string) => Number(a[name] ?? 0);
    if (element === 'circle') path.arc(n('cx'), n('cy'), n('r'), 0, 2 * Math.PI);
    if (element === 'rect') path.roundRect(n('x'), n('y'), n('width'), n('height'), n('rx'));
    if (element === 'line') {
      path.moveTo(n('x1'), n('y1'));
      path.lineTo(n('x2'), n('y2'));
    }
    g.stroke(path);
  }
  g.restore();
}
