// From bytes to messages.

import { fromBinary } from '@bufbuild/protobuf';
import { sizeDelimitedPeek } from '@bufbuild/protobuf/wire';
import { LiveSchema, type Live } from '../proto/picture_pb';

/** One message, or nothing where the bytes are none. */
export function decode(bytes: Uint8Array): Live | undefined {
  try {
    return fromBinary(LiveSchema, bytes);
  } catch {
    return undefined;
  }
}

/** Messages one after another, each with its length before it. What cannot be read ends the list. */
export function decodeAll(bytes: Uint8Array): Live[] {
  const all: Live[] = [];
  let at = 0;
  while (at < bytes.length) {
    const next = sizeDelimitedPeek(bytes.subarray(at));
    if (next.offset === null || next.size === null || at + next.offset + next.size > bytes.length) break;
    const live = decode(bytes.subarray(at + next.offset, at + next.offset + next.size));
    if (!live) break;
    all.push(live);
    at += next.offset + next.size;
  }
  return all;
}
