import mqtt from 'mqtt';

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

/** Holds one MQTT line over WebSocket to the live topics of a site, dialling again for ever. */
export function connectLive(url: string, site: string, handlers: LiveHandlers): LiveConnection {
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
  return {
    redial: () => client.reconnect(),
    close: () => client.end(true),
  };
}
