/** Tells coded pictures that no other picture is made from: unless they are wanted themselves, they need not be decoded. */

/** Bounds of the NAL units in a packet whose units follow their lengths. */
function* lengthPrefixedUnits(data: Uint8Array, lengthBytes: number): Generator<number> {
  for (let at = 0; at + lengthBytes < data.length; ) {
    let length = 0;
    for (let byte = 0; byte < lengthBytes; ++byte) length = length * 256 + (data[at + byte] ?? 0);
    yield at + lengthBytes;
    at += lengthBytes + length;
  }
}

/** Where NAL units begin behind the start codes 0 0 1 of Annex B of the standard. */
function* startCodeUnits(data: Uint8Array): Generator<number> {
  for (let at = 2; at + 1 < data.length; ++at) {
    if (data[at] === 1 && data[at - 1] === 0 && data[at - 2] === 0) yield at + 1;
  }
}

/**
 * A test for packets of H.264, whose header of each slice says whether its picture is referred to (nal_ref_idc, 7.4.1); for other
 * codecs one that is never true.
 */
export function disposability({ codec, description }: VideoDecoderConfig): (data: Uint8Array) => boolean {
  if (!/^avc[13]\./.test(codec)) return () => false;
  let units: (data: Uint8Array) => Iterable<number> = startCodeUnits;
  if (description !== undefined) {
    const record = ArrayBuffer.isView(description)
      ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
      : new Uint8Array(description);
    const lengthBytes = ((record[4] ?? 0xff) & 3) + 1;
    units = (data) => lengthPrefixedUnits(data, lengthBytes);
  }
  return (data) => {
    let slices = 0;
    for (const at of units(data)) {
      const header = data[at] ?? 0;
      const type = header & 31;
      if (type < 1 || type > 5) continue;
      if ((header & 0x60) !== 0) return false;
      slices += 1;
    }
    return slices > 0;
  };
}
