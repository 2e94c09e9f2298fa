import type { MqttClient } from 'mqtt';

export interface LiveHandlers {
  /** Connected and subscribed: from now on nothing that is published is missed. */
  onSubscribed(): void;
  onClosed(): void;
  onMessage(topic: string, payload: string): void;
  /** Any packet, the answer to a ping too: the line was alive at this moment. */
  onHeard(): void;
}

export interface LiveConnection {
  /** Ends the present line and dials again at once (the network came back). */
  redial(): void;
  close(): void;
}

/** A hidden page's timers run once a minute: with this a ping still leaves in time. */
const keepaliveS = 60;
const reconnectMs = 3_000;
const longestWaitMs = 1_000;

/**
 * Holds one MQTT line over WebSocket to the live topics of a site, dialling again for ever. The library is a fifth of the page's code, and the first map needs none of it: it is
 * loaded when the page has a moment, or after a second.
 */
export function connectLive(url: string, site: string, handlers: LiveHandlers): LiveConnection {
  let client: MqttClient | null = null;
  let isOver = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  const dial = async () => {
    clearTimeout(again);
    try {
      const { default: mqtt } = await import('mqtt');
      if (!isOver) client ??= open(mqtt, url, site, handlers);
    } catch {
      // The library did not come: told as a lost line, and tried again.
      if (isOver) return;
      handlers.onClosed();
      again = setTimeout(() => void dial(), reconnectMs);
    }
  };
  const first = whenIdle(() => void dial());
  return {
    redial: () => (client ? client.reconnect() : void dial()),
    close: () => {
      isOver = true;
      first();
      clearTimeout(again);
      client?.end(true);
    },
  };
}

function open(mqtt: typeof import('mqtt').default, url: string, site: string, handlers: LiveHandlers): MqttClient {
  const client = mqtt.connect(url, {
    clientId: `map:${crypto.getRandomValues(new Uint32Array(2)).join('-')}`,
    protocolVersion: 5,
    clean: true,
    keepalive: keepaliveS,
    reconnectPeriod: reconnectMs,
    timerVariant: 'native', // the other one starts a worker from a blob, which a strict server forbids
    connectTimeout: 10_000,
    resubscribe: false,
  });
  client.on('connect', () => {
    client.subscribe(`field/v1/${site}/live/#`, { qos: 0 }, (error) => {
      if (error) client.reconnect();
      else handlers.onSubscribed();
    });
  });
  client.on('message', (topic, payload) => handlers.onMessage(topic, new TextDecoder().decode(payload)));
  client.on('packetreceive', () => handlers.onHeard());
  client.on('close', () => handlers.onClosed());
  client.on('error', () => undefined); // every error ends in `close`, and that is shown
  return client;
}

/** Runs when nothing else waits, or after a second. Returns what takes it back. */
function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(run, longestWaitMs);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(run, { timeout: longestWaitMs });
  return () => cancelIdleCallback(handle);
}
