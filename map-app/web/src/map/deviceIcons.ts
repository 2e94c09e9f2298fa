import { MercatorCoordinate, type CustomLayerInterface, type Map as MapLibreMap } from 'maplibre-gl';
import type { DeviceFeature } from '../api/types';
import type { TableChange } from '../state/featureTable';
import type { Theme } from '../state/ui';
import { drawIcon } from './icons';
import { deviceKind, deviceKinds, isOnline } from './sources';

const iconPx = 32;
const states = ['online', 'offline'] as const;
const kinds = [...deviceKinds, 'other'];

const vertexShader = `#version 300 es
uniform vec2 u_originPx; // of the stored places, from the middle of the screen
uniform float u_worldPx;
uniform vec2 u_screenPx;
uniform float u_icons;
in vec2 a_corner;
in vec3 a_device; // place from the origin in parts of the world, icon
out vec2 v_texture;
void main() {
  vec2 px = a_device.xy * u_worldPx + u_originPx + a_corner * ${(iconPx / 2).toFixed(1)};
  gl_Position = vec4(px.x, -px.y, 0.0, u_screenPx.x * 0.5);
  gl_Position.y *= u_screenPx.x / u_screenPx.y;
  v_texture = vec2((a_device.z + a_corner.x * 0.5 + 0.5) / u_icons, a_corner.y * 0.5 + 0.5);
}`;

const fragmentShader = `#version 300 es
precision mediump float;
uniform sampler2D u_image;
in vec2 v_texture;
out vec4 color;
void main() { color = texture(u_image, v_texture); }`;

interface Place {
  x: number;
  y: number;
  icon: number;
}

interface Made {
  program: WebGLProgram;
  array: WebGLVertexArrayObject;
  devices: WebGLBuffer;
  texture: WebGLTexture;
  uniform: (name: string) => WebGLUniformLocation | null;
}

/**
 * The badges of the devices, drawn at once where they are. As a symbol layer every move went through the library's worker and had its tiles laid out anew, which on a small
 * machine made a position as old as half a second before anybody saw it. The map is always north-up and seen from above, which makes a place on the screen one multiplication.
 */
export class DeviceIcons implements CustomLayerInterface {
  readonly id = 'device-icon';
  readonly type = 'custom';
  isShown = true;
  private readonly places = new Map<string, Place>();
  private hidden: ReadonlySet<string> = new Set();
  private drawn = 0;
  private map: MapLibreMap | null = null;
  private made: Made | null = null;
  private origin = { x: 0, y: 0 };
  private stale = true;
  private drawnTheme: Theme | null = null;

  constructor(public theme: Theme) {}

  /** Takes what changed. */
  apply(change: TableChange<DeviceFeature>): void {
    if (change.reset) this.places.clear();
    for (const id of change.removed) this.places.delete(id);
    for (const f of change.changed) {
      const { device, kind } = f.properties;
      if (!f.geometry) {
        this.places.delete(device);
        continue;
      }
      const { x, y } = MercatorCoordinate.fromLngLat(f.geometry.coordinates as [number, number]);
      this.places.set(device, { x, y, icon: states.indexOf(isOnline(f) ? 'online' : 'offline') * kinds.length + kinds.indexOf(deviceKind(kind)) });
    }
    if (change.reset || change.changed.length + change.removed.length > 0) {
      this.stale = true;
      this.map?.triggerRepaint();
    }
  }

  /** Devices that something else stands for. */
  hide(devices: string[]): void {
    this.hidden = new Set(devices);
    this.stale = true;
    this.map?.triggerRepaint();
  }

  /** The device whose badge lies under a point of the screen, the nearest of several. */
  near(point: { x: number; y: number }, reachPx: number): string | null {
    if (!this.map || !this.isShown) return null;
    const { middle, worldPx, width, height } = view(this.map);
    let best: string | null = null;
    let least = iconPx / 2 + reachPx;
    for (const [id, { x, y }] of this.places) {
      if (this.hidden.has(id)) continue;
      const far = Math.hypot((x - middle.x) * worldPx + width / 2 - point.x, (y - middle.y) * worldPx + height / 2 - point.y);
      if (far <= least) [best, least] = [id, far];
    }
    return best;
  }

  onAdd(map: MapLibreMap, gl: WebGL2RenderingContext): void {
    this.map = map;
    this.make(gl);
    map.getCanvas().addEventListener('webglcontextrestored', () => this.make(gl));
  }

  render(gl: WebGL2RenderingContext): void {
    if (!this.made || !this.map || !this.isShown || this.places.size === 0) return;
    const { middle, worldPx, width, height } = view(this.map);
    if (Math.max(Math.abs(middle.x - this.origin.x), Math.abs(middle.y - this.origin.y)) > farAway) this.stale = true;
    const { program, array, devices, texture, uniform } = this.made;
    if (this.stale) this.upload(gl, devices, middle);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    if (this.drawnTheme !== this.theme) this.paint(gl);
    gl.useProgram(program);
    gl.uniform2f(uniform('u_originPx'), (this.origin.x - middle.x) * worldPx, (this.origin.y - middle.y) * worldPx);
    gl.uniform1f(uniform('u_worldPx'), worldPx);
    gl.uniform2f(uniform('u_screenPx'), width, height);
    gl.uniform1f(uniform('u_icons'), states.length * kinds.length);
    gl.uniform1i(uniform('u_image'), 0);
    gl.bindVertexArray(array);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.CULL_FACE);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.drawn);
    gl.bindVertexArray(null);
  }

  /** Places in 32 bits would be metres off; from an origin that is near they are exact. */
  private upload(gl: WebGL2RenderingContext, buffer: WebGLBuffer, origin: { x: number; y: number }): void {
    this.origin = origin;
    this.stale = false;
    const rows = [...this.places].filter(([id]) => !this.hidden.has(id)).map(([, place]) => place).sort((a, b) => a.y - b.y); // the southern over the northern
    this.drawn = rows.length;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(rows.flatMap(({ x, y, icon }) => [x - origin.x, y - origin.y, icon])), gl.DYNAMIC_DRAW);
  }

  /** All badges of a theme side by side in one image. */
  private paint(gl: WebGL2RenderingContext): void {
    const images = states.flatMap((state) => kinds.map((kind) => drawIcon(`device/${this.theme}/${state}/${kind}`)));
    const side = images[0]?.width ?? 0;
    if (side === 0) return;
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, side * images.length, side, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    images.forEach((image, at) => image && gl.texSubImage2D(gl.TEXTURE_2D, 0, at * side, 0, gl.RGBA, gl.UNSIGNED_BYTE, image));
    for (const [name, value] of [[gl.TEXTURE_MIN_FILTER, gl.LINEAR], [gl.TEXTURE_MAG_FILTER, gl.LINEAR], [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]] as const) gl.texParameteri(gl.TEXTURE_2D, name, value);
    this.drawnTheme = this.theme;
  }

  private make(gl: WebGL2RenderingContext): void {
    const program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, vertexShader], [gl.FRAGMENT_SHADER, fragmentShader]] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.bindAttribLocation(program, 0, 'a_corner');
    gl.bindAttribLocation(program, 1, 'a_device');
    gl.linkProgram(program);
    const array = gl.createVertexArray();
    const corners = gl.createBuffer();
    const devices = gl.createBuffer();
    gl.bindVertexArray(array);
    gl.bindBuffer(gl.ARRAY_BUFFER, corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, devices);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(1, 3, gl.FLOAT, false, 0, 0);
    gl.vertexAttribDivisor(1, 1);
    gl.bindVertexArray(null);
    const found = new Map<string, WebGLUniformLocation | null>();
    const uniform = (name: string) => {
      if (!found.has(name)) found.set(name, gl.getUniformLocation(program, name));
      return found.get(name)!;
    };
    this.made = { program, array, devices, texture: gl.createTexture(), uniform };
    this.stale = true;
    this.drawnTheme = null;
  }
}

/** Parts of the world, some 40 km: from farther away a place in 32 bits is off by more than a fiftieth of a pixel when near. */
const farAway = 0.001;

function view(map: MapLibreMap) {
  const { clientWidth: width, clientHeight: height } = map.getCanvas();
  return { middle: MercatorCoordinate.fromLngLat(map.getCenter().wrap()), worldPx: 512 * 2 ** map.getZoom(), width, height };
}
