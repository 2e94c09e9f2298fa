const firstMs = 1_000;
const lastMs = 60_000;

/** How long to wait before the next attempt: twice as long each time, up to a minute, and never all tablets at once. */
export class Backoff {
  private failures = 0;

  constructor(private readonly random: () => number = Math.random) {}

  nextMs(): number {
    const whole = Math.min(lastMs, firstMs * 2 ** this.failures++);
    return whole / 2 + (this.random() * whole) / 2;
  }

  /** Nothing has succeeded since the last attempt. */
  get hasFailed(): boolean {
    return this.failures > 0;
  }

  succeeded(): void {
    this.failures = 0;
  }
}
