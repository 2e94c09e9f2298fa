const lookEvent = 'field:look-at-session';

/** Something was refused or a line was cut: perhaps nobody is signed in any more. */
export const lookAtSession = () => window.dispatchEvent(new Event(lookEvent));

/** Calls back when somebody should look, and every few minutes while the page is shown, which also keeps the sign-in of a wall screen. */
export function onLookAtSession(look: () => void): () => void {
  const everyMs = 5 * 60_000;
  const timer = setInterval(() => document.visibilityState === 'visible' && look(), everyMs);
  const shown = () => document.visibilityState === 'visible' && look();
  window.addEventListener(lookEvent, look);
  document.addEventListener('visibilitychange', shown);
  return () => {
    clearInterval(timer);
    window.removeEventListener(lookEvent, look);
    document.removeEventListener('visibilitychange', shown);
  };
}
