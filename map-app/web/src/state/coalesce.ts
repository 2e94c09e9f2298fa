/**
 * Runs `flush` at most once per frame however often it is asked for, so that a burst of messages costs one drawing.
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
