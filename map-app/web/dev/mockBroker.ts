import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import mqtt from 'mqtt-packet';
import { WebSocketServer, type WebSocket } from 'ws';

/** Just enough of a broker to follow live topics: CONNECT, SUBSCRIBE, PINGREQ; everything published goes to everyone. */
export class MockBroker {
  private readonly sockets = new Set<WebSocket>();
  private readonly server = new WebSocketServer({ noServer: true, handleProtocols: () => 'mqtt' });
  open = true;

  attach(http: Server): void {
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.url !== '/mqtt') return;
      if (!this.open) return void socket.destroy();
      this.server.handleUpgrade(request, socket, head, (ws) => this.serve(ws));
    });
  }

  publish(topic: string, payload: string): void {
    const packet = mqtt.generate({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false, properties: {} }, { protocolVersion: 5 });
    for (const ws of this.sockets) ws.send(packet);
  }

  dropAll(): void {
    for (const ws of this.sockets) ws.terminate();
  }

  private serve(ws: WebSocket): void {
    const parser = mqtt.parser({ protocolVersion: 5 });
    const answer = (packet: mqtt.Packet) => ws.send(mqtt.generate(packet, { protocolVersion: 5 }));
    parser.on('packet', (packet) => {
      if (packet.cmd === 'connect') answer({ cmd: 'connack', reasonCode: 0, sessionPresent: false });
      if (packet.cmd === 'pingreq') answer({ cmd: 'pingresp' });
      if (packet.cmd !== 'subscribe') return;
      answer({ cmd: 'suback', messageId: packet.messageId ?? 1, granted: [0] });
      this.sockets.add(ws);
    });
    ws.on('message', (data: Buffer) => parser.parse(data));
    ws.on('close', () => this.sockets.delete(ws));
  }
}
