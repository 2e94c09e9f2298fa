import { useEffect, useEffectEvent, useState } from 'react';

/** Keeps the screen from going dark while it is shown; false where the browser or the plain http of the address does not let it. */
export function useAwake(): boolean {
  const [held, setHeld] = useState(true);
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let gone = false;
    const hold = async () => {
      if (document.visibilityState !== 'visible' || gone) return;
      try {
        lock = await navigator.wakeLock.request('screen'); // the browser lets go of it whenever the page is hidden
        if (gone) void lock.release();
        setHeld(true);
      } catch {
        setHeld(false);
      }
    };
    const changed = () => void hold();
    changed();
    document.addEventListener('visibilitychange', changed);
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', changed);
      void lock?.release();
    };
  }, []);
  return held;
}

const tickMs = 5_000;
const sleptMs = 20_000;
/** The line is pinged once a minute: without an answer for so long it hangs, whatever it says of itself. */
export const silentMs = 150_000;

/** Dials again when the machine slept, or when the line says it is alive and nothing comes of it. */
export function useWakeUp(isLive: boolean, heardAtMs: number | null, redial: () => void): void {
  const looked = useEffectEvent((sinceMs: number) => {
    if (sinceMs > sleptMs || (isLive && heardAtMs !== null && Date.now() - heardAtMs > silentMs)) redial();
  });
  useEffect(() => {
    let last = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      looked(now - last - tickMs);
      last = now;
    }, tickMs);
    return () => clearInterval(timer);
  }, []);
}

/** The whole screen while this is shown, if the browser grants it; leaving that leaves this too. */
export function useFullScreen(onLeave: () => void): void {
  const left = useEffectEvent(onLeave);
  useEffect(() => {
    let entered = false;
    const changed = () => {
      if (document.fullscreenElement) entered = true;
      else if (entered) left();
    };
    document.addEventListener('fullscreenchange', changed);
    void document.documentElement.requestFullscreen?.().catch(() => undefined); // opened by its address: nobody pressed anything
    return () => {
      document.removeEventListener('fullscreenchange', changed);
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    };
  }, []);
}
