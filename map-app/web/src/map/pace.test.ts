import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from './pace';

describe('the pace of news for the map', () => {
  let frames: (() => void)[] = [];
  const frame = () => frames.splice(0).forEach((run) => run());

  beforeEach(() => {
    frames = [];
    vi.useFakeTimers();
    vi.stubGlobal('document', { visibilityState: 'visible' });
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  /** A graphics processor whose fences open when they are told to. */
  function processor() {
    const open = new Set<object>();
    const fences: object[] = [];
    const gl = {
      SYNC_GPU_COMMANDS_COMPLETE: 1, SYNC_STATUS: 2, SIGNALED: 3,
      fenceSync: () => (fences.push({}), fences.at(-1)),
      flush: () => undefined, deleteSync: () => undefined, isContextLost: () => false,
      getSyncParameter: (fence: object) => (open.has(fence) ? 3 : 0),
    } as unknown as WebGL2RenderingContext;
    return { gl, finish: () => fences.forEach((f) => open.add(f)) };
  }

  it('waits for the frame that is being drawn', () => {
    const pace = new Pace(), { gl, finish } = processor(), run = vi.fn();
    pace.drawn(gl);
    pace.next(run);
    frame();
    frame();
    expect(run).not.toHaveBeenCalled();
    finish();
    frame();
    expect(run).toHaveBeenCalledOnce();
  });

  it('waits until the map has taken in what it was told', async () => {
    const pace = new Pace(), run = vi.fn();
    let taken = () => {};
    pace.told(new Promise<void>((resolve) => (taken = resolve)));
    pace.next(run);
    frame();
    expect(run).not.toHaveBeenCalled();
    taken();
    await vi.advanceTimersByTimeAsync(0);
    frame();
    expect(run).toHaveBeenCalledOnce();
  });

  it('holds nothing back for long, and nothing for a map that failed', async () => {
    const pace = new Pace(), { gl } = processor(), late = vi.fn(), failed = vi.fn();
    pace.drawn(gl);
    pace.told(new Promise(() => undefined));
    pace.next(late);
    frame();
    vi.advanceTimersByTime(501);
    frame();
    expect(late).toHaveBeenCalledOnce();
    const other = new Pace();
    other.told(Promise.reject(new Error('gone')));
    await vi.advanceTimersByTimeAsync(0);
    other.next(failed);
    frame();
    expect(failed).toHaveBeenCalledOnce();
  });

  it('tells panels at once, and then not sooner than a fifth of a second later', () => {
    const pace = new Pace(), run = vi.fn();
    vi.advanceTimersByTime(1_000);
    pace.calm(run);
    expect(run).toHaveBeenCalledOnce();
    pace.calm(run);
    vi.advanceTimersByTime(199);
    expect(run).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('goes on by a timer while the page is hidden', () => {
    vi.stubGlobal('document', { visibilityState: 'hidden' });
    const run = vi.fn();
    new Pace().next(run);
    vi.advanceTimersByTime(250);
    expect(run).toHaveBeenCalledOnce();
  });
});
