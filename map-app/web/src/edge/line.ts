import mqtt, { type ErrorWithReasonCode, type IClientOptions } from 'mqtt';
import { LineLost, type Acknowledged, type EdgeLine } from './sender';

export interface OpenLine extends EdgeLine {
  close(): void;
}

/** MQTT 5: the server did not take the client id. */
export class NotOurs extends Error {}

const connectMs = 15_000;
const identifierNotValid = 0x85;

/**
 * Opens one line as the device. It is not dialled again by itself: whoever wants another one opens it.
 *
 * @param will what the server says of the device when the line breaks; null: nothing, as another line of the same device may be open
 */
export function openLine(url: string, site: string, device: string, will: string | null): Promise<OpenLine> {
  const options: IClientOptions = {
    clientId: `${device}/${crypto.getRandomValues(new Uint32Array(2)).join('-')}`,
    protocolVersion: 5,
    clean: true,
    keepalive: 30,
    reconnectPeriod: 0,
    connectTimeout: connectMs,
    timerVariant: 'native', // the other one starts a worker from a blob
    ...(will !== null && { will: { topic: `field/v1/${site}/${device}/up/status`, payload: new TextEncoder().encode(will) as never, qos: 1 as const, retain: true } }),
    properties: { requestProblemInformation: true },
  };
  return new Promise((resolve, reject) => {
    const client = mqtt.connect(url, options);
    let lost: (error: Error) => void = () => undefined;
    const ended = new Promise<never>((_, refuse) => (lost = refuse));
    ended.catch(() => undefined);
    let listener: (payload: string) => void = () => undefined;
    const end = (error: Error) => {
      lost(error);
      reject(error);
      client.end(true);
    };
    client.on('error', (error) => end((error as Partial<ErrorWithReasonCode>).code === identifierNotValid ? new NotOurs() : new LineLost(error.message)));
    client.on('close', () => end(new LineLost('the line has ended')));
    client.on('message', (_, payload) => listener(new TextDecoder().decode(payload)));
    const publish = (topic: string, payload: string | Uint8Array, retain = false) =>
      Promise.race([
        ended,
        new Promise<Acknowledged>((answer, fail) =>
          client.publish(topic, payload as never, { qos: 1, retain }, (error, packet) => {
            if (!error) return answer({ ok: true });
            const code = (error as Partial<ErrorWithReasonCode>).code;
            if (typeof code !== 'number' || code < 0x80) return fail(new LineLost(error.message));
            const said = packet && 'properties' in packet ? (packet.properties as { reasonString?: string } | undefined)?.reasonString : undefined;
            answer({ ok: false, code, reason: said ?? error.message });
          }),
        ),
      ]);
    client.on('connect', (connack) => {
      const durable = (connack.properties?.userProperties as Record<string, string | string[]> | undefined)?.['field-durable'] === '1';
      client.subscribe(`field/v1/${site}/${device}/down/#`, { qos: 1 }, (error) => {
        if (error) return end(new LineLost(error.message));
        resolve({ durable, ended, publish, onReceipt: (to) => (listener = to), close: () => client.end(true) });
      });
    });
  });
}
