// The link to the node: it comes back by itself when the node does.

import type { Live } from '../proto/picture_pb';
import { decode } from './decode';

/** Waits between attempts, ms; the last one is repeated. */
const WAITS_MS = [300, 700, 1500, 3000, 5000];
/** A node speaks once a second; silent for this long, it is gone. */
const SILENCE_MAX_MS = 6000;
/** A link that is not open after this long is tried again. */
const OPENING_MAX_MS = 20_000;

export interface Listener {
  said(live: Live): void;
  /** The link is up or down. */
  link(up: boolean): void;
}

/** Keeps a WebSocket open until the answer is called. */
export function connect(url: string, listener: Listener): () => void {
  let socket: WebSocket | undefined;
  let attempts = 0;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const listen = (longest_ms = SILENCE_MAX_MS) => {
    clearTimeout(silence);
    silence = setTimeout(() => lost(), longest_ms);
  };
  const lost = () => {
    clearTimeout(silence);
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
      socket = undefined;
    }
    if (ended) return;
    listener.link(false);
    again = setTimeout(open, WAITS_MS[Math.min(attempts++, WAITS_MS.length - 1)]);
  };
  const open = () => {
    socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = (message: MessageEvent<unknown>) => {
      listen();
      if (!(message.data instanceof ArrayBuffer)) return;
      const live = decode(new Uint8Array(message.data));
      if (!live) return;
      attempts = 0;
      listener.link(true);
      listener.said(live);
    };
    socket.onopen = () => listen();
    socket.onclose = () => lost();
    listen(OPENING_MAX_MS);
  };
  open();
  return () => {
    ended = true;
    clearTimeout(again);
    lost();
  };
}
