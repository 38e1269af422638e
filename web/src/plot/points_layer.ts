// Draws the models: one call for all of them, each a shape told by its distance function, so that
// classes differ by more than colour and edges stay smooth at any size.

import type { Axis } from './axis';
import { along } from './axis';

export interface PointPlaces {
  readonly x: Float32Array<ArrayBuffer>; // shares of a fixed stretch of each axis
  readonly y: Float32Array<ArrayBuffer>;
}

export interface PointsFrame {
  readonly width: number; // CSS pixels
  readonly height: number;
  readonly pixelRatio: number;
  // The stretches that the places are shares of, and what is in view.
  readonly fullX: Axis;
  readonly fullY: Axis;
  readonly x: Axis;
  readonly y: Axis;
  readonly radius: number; // CSS pixels of a point without a size of its own
  readonly line: number; // device pixels of the outline of hollow points; 0 fills them
  readonly inks: readonly (readonly [number, number, number])[]; // by style, 0 … 1
  readonly dimmedInk: readonly [number, number, number];
  readonly outline: readonly [number, number, number];
}

const vertexShader = `#version 300 es
layout(location = 0) in float x;
layout(location = 1) in float y;
layout(location = 2) in float size;
layout(location = 3) in uint style;
layout(location = 4) in uint emphasis;
uniform vec4 window;  // place = share * window.xz + window.yw, in clip space
uniform float radius;  // device pixels
uniform float largest;
uniform vec3 inks[7];
uniform vec3 dimmedInk;
flat out vec4 ink;
flat out uint shape;
flat out float half_side;
void main() {
  float own = size >= 0.0 ? max(sqrt(size) * radius * 5.0, 1.0) : radius;
  bool isShown = emphasis == 1u;
  // Dimmed points lie behind the others, whatever their order.
  vec2 place = vec2(x * window.x + window.y, y * window.z + window.w);
  bool isDrawn = x == x && y == y && own > 0.0;
  gl_Position = isDrawn ? vec4(place, isShown ? 0.0 : 0.5, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  half_side = min(own * 1.35 + 1.5, largest * 0.5);
  gl_PointSize = half_side * 2.0;
  shape = size >= 0.0 ? 0u : style;  // only circles are compared by their areas at a glance
  float strength = isShown ? (size >= 0.0 ? 0.55 : 0.85) : 0.4;
  ink = vec4(isShown ? inks[style] : dimmedInk, strength);
}`;

const fragmentShader = `#version 300 es
precision mediump float;
flat in vec4 ink;
flat in uint shape;
flat in float half_side;
uniform vec3 outline;
uniform float line;
out vec4 colour;
float distance_to(vec2 p, float r) {
  vec2 a = abs(p);
  if (shape == 0u) return length(p) - r;
  if (shape == 1u || shape == 4u) {
    p.y = shape == 4u ? -p.y : p.y;
    return max(p.y - 0.7 * r, 0.852 * a.x - 0.524 * p.y - 0.603 * r);
  }
  if (shape == 2u) return max(a.x, a.y) - 0.85 * r;
  if (shape == 3u) return (a.x + a.y) * 0.7071 - 0.85 * r;
  if (shape == 5u) return max(max(a.x, a.y) - r, min(a.x, a.y) - 0.35 * r);
  float side = max(a.x * 0.588 - p.y * 0.809, max(a.x * 0.951 + p.y * 0.309, p.y));
  return side - 0.81 * r;
}
void main() {
  vec2 p = (gl_PointCoord - 0.5) * 2.0 * half_side;
  float r = (half_side - 1.5) / 1.35;
  float d = distance_to(p, r);
  float cover = clamp(0.5 - d, 0.0, 1.0);
  if (line > 0.0) cover *= clamp(d + line + 0.5, 0.0, 1.0);
  if (cover <= 0.0) discard;
  if (line > 0.0) {
    colour = vec4(ink.rgb, 1.0) * cover * min(ink.a * 1.2, 1.0);
    return;
  }
  // A thin edge in the paper's colour keeps neighbours apart.
  float edge = r > 2.5 ? clamp(d + 1.5, 0.0, 1.0) : 0.0;
  float alpha = cover * mix(ink.a, 0.9, edge * step(0.5, ink.a));
  colour = vec4(mix(ink.rgb, outline, edge * 0.75) * alpha, alpha);
}`;

const attributes = ['x', 'y', 'size', 'style', 'emphasis'] as const;
type Attribute = (typeof attributes)[number];

export class PointsLayer {
  private readonly gl: WebGL2RenderingContext;
  private readonly program: WebGLProgram;
  private readonly buffers = new Map<Attribute, WebGLBuffer>();
  private readonly uniforms = new Map<string, WebGLUniformLocation | null>();
  private readonly uploaded = new Map<Attribute, ArrayBufferView>();
  private count = 0;

  // Throws where the browser has no WebGL 2.
  constructor(canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true });
    if (gl === null) throw new Error('this browser draws no WebGL 2');
    this.gl = gl;
    this.program = programOf(gl);
    for (const name of ['window', 'radius', 'largest', 'inks', 'dimmedInk', 'outline', 'line']) {
      this.uniforms.set(name, gl.getUniformLocation(this.program, name));
    }
    attributes.forEach((name, location) => {
      const buffer = gl.createBuffer();
      this.buffers.set(name, buffer);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.enableVertexAttribArray(location);
      if (name === 'style' || name === 'emphasis') {
        gl.vertexAttribIPointer(location, 1, gl.UNSIGNED_BYTE, 0, 0);
      } else {
        gl.vertexAttribPointer(location, 1, gl.FLOAT, false, 0, 0);
      }
    });
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
  }

  // Each array is uploaded when it is another than before. `sizes` are shares of the largest area,
  // below zero for points without one; `emphasis` is 1 where a point is among what is asked for, and
  // 0 where it is dimmed.
  set(
    places: PointPlaces,
    sizes: Float32Array<ArrayBuffer>,
    styles: Uint8Array<ArrayBuffer>,
    emphasis: Uint8Array<ArrayBuffer>,
  ): void {
    this.upload('x', places.x);
    this.upload('y', places.y);
    this.upload('size', sizes);
    this.upload('style', styles);
    this.upload('emphasis', emphasis);
    this.count = places.x.length;
  }

  paint(frame: PointsFrame): void {
    const { gl } = this;
    const { pixelRatio } = frame;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.useProgram(this.program);
    const [scaleX, shiftX] = clip(frame.fullX, frame.x);
    const [scaleY, shiftY] = clip(frame.fullY, frame.y);
    gl.uniform4f(this.uniform('window'), scaleX, shiftX, scaleY, shiftY);
    gl.uniform1f(this.uniform('radius'), frame.radius * pixelRatio);
    gl.uniform1f(this.uniform('largest'), 64 * pixelRatio);
    gl.uniform3fv(this.uniform('inks'), frame.inks.flat());
    gl.uniform3fv(this.uniform('dimmedInk'), [...frame.dimmedInk]);
    gl.uniform3fv(this.uniform('outline'), [...frame.outline]);
    gl.uniform1f(this.uniform('line'), frame.line);
    gl.drawArrays(gl.POINTS, 0, this.count);
  }

  private upload(name: Attribute, data: ArrayBufferView<ArrayBuffer>): void {
    if (this.uploaded.get(name) === data) return;
    this.uploaded.set(name, data);
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.get(name)!);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
  }

  private uniform(name: string): WebGLUniformLocation | null {
    return this.uniforms.get(name) ?? null;
  }
}

// Clip space runs from −1 to 1.
function clip(full: Axis, shown: Axis): [scale: number, shift: number] {
  const from = along(shown, full.low);
  const to = along(shown, full.high);
  return [2 * (to - from), 2 * from - 1];
}

function programOf(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) {
      throw new Error(`a shader does not compile: ${gl.getShaderInfoLog(shader)}`);
    }
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`the shaders do not link: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}
