/** Nothing is held back for longer than this, whatever the map does. */
const patienceMs = 500;
const calmMs = 200;

/**
 * When the map may be told news: not before it has drawn what it was told last. A slow graphics processor would otherwise get frames faster than it draws them, and what a person
 * sees would be as old as their queue is long.
 */
export class Pace {
  private calmedAtMs = -calmMs;
  private telling = 0;
  private tellingSinceMs = 0;
  private frame: { gl: WebGL2RenderingContext; fence: WebGLSync; sinceMs: number } | null = null;

  /** The map was told something; it may be told more when it has taken that in. */
  told(taken: Promise<unknown>): void {
    if (this.telling++ === 0) this.tellingSinceMs = performance.now();
    void taken.finally(() => this.telling--).catch(() => undefined);
  }

  /** To be called after each frame: from here to its end the graphics processor is at work. */
  drawn(gl: WebGL2RenderingContext): void {
    this.forget();
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    if (fence) this.frame = { gl, fence, sinceMs: performance.now() };
  }

  /** Runs in the next frame before which the map is done; a quarter of a second on while nobody looks. */
  readonly next = (run: () => void): void => {
    if (document.visibilityState === 'hidden') setTimeout(run, 250);
    else requestAnimationFrame(() => (this.isBusy() ? this.next(run) : run()));
  };

  /** At once, but not again for a fifth of a second: to read text that changes faster helps nobody, and to make it costs the map its frames. */
  readonly calm = (run: () => void): void => {
    const go = () => {
      this.calmedAtMs = performance.now();
      run();
    };
    const waitMs = this.calmedAtMs + calmMs - performance.now();
    if (waitMs <= 0) go();
    else setTimeout(go, waitMs);
  };

  forget(): void {
    if (this.frame) this.frame.gl.deleteSync(this.frame.fence);
    this.frame = null;
  }

  private isBusy(): boolean {
    const late = (sinceMs: number) => performance.now() - sinceMs > patienceMs;
    if (this.telling > 0 && !late(this.tellingSinceMs)) return true;
    if (this.frame === null) return false;
    const { gl, fence, sinceMs } = this.frame;
    if (!late(sinceMs) && !gl.isContextLost() && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) return true;
    this.forget();
    return false;
  }
}
