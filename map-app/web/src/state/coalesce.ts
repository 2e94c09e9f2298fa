/**
 * Runs `flush` at most once per frame however often it is asked for, so that a burst of messages costs one drawing.
 * `schedule` is requestAnimationFrame, or a timer while the page is hidden (a hidden page gets no frames).
 */
export function coalesce(flush: () => void, schedule: (run: () => void) => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    schedule(() => {
      waiting = false;
      flush();
    });
  };
}

/** The next animation frame; a quarter of a second while nobody looks. */
export function nextFrame(run: () => void): void {
  if (document.visibilityState === 'hidden') setTimeout(run, 250);
  else requestAnimationFrame(run);
}
