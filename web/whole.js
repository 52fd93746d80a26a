// Puts WebAssembly together again. `xtask/src/bundle/sorted.rs` has taken it apart, and tells how and why.
function whole(sorted) {
  const bytes = new Uint8Array(sorted);
  const [size, ...parts] = new Uint32Array(sorted.slice(-64));
  let place = 0;
  const places = parts.map((part) => (place += part) - part);
  if (place > bytes.length - 64 || size > 9 * bytes.length) throw Error("a file is cut off");
  const tail = bytes.subarray(place, -64);
  const end = size - tail.length;
  const out = new Uint8Array(size + 5);
  let to = parts[0];
  out.set(bytes.subarray(0, to));
  // What is done most has a place of its own: that is twice as fast.
  let code = places[1];
  const instruction = () => (out[to++] = bytes[code++]);
  const byte = (part) => (out[to++] = bytes[places[part]++]);
  const numbers = (part, count) => {
    let [from, here] = [places[part], to];
    while (count-- > 0) while ((out[here++] = bytes[from++]) > 127);
    (places[part] = from), (to = here);
  };
  while (to < end) {
    // The body is written where its size has room before it.
    const start = (to += 5);
    for (let count = byte(2); count--; byte(2)) numbers(2, 1);
    for (let depth = 1; depth && to < end + 5; ) {
      const op = instruction();
      if (op > 1 && op < 5) depth++, numbers(3, 1);
      else if (op == 11) depth--;
      else if (op == 12 || op == 13) numbers(4, 1);
      else if (op == 14) numbers(5, bytes[places[5]] + 2);
      else if (op == 16 || op == 18) numbers(13, 1);
      else if (op == 17 || op == 19 || op == 28) numbers(14, 2);
      else if (op > 31 && op < 35) numbers(6, 1);
      else if (op == 35 || op == 36) numbers(7, 1);
      else if (op > 39 && op < 63) (out[to++] = 0), numbers(8, 1);
      else if (op == 65) numbers(9, 1);
      else if (op == 66) numbers(11, 1);
      else if (op == 67 || op == 68) for (let count = op == 67 ? 4 : 8; count--; ) byte(12);
      else if (op == 252) {
        const more = instruction();
        numbers(14, more < 8 ? 0 : more > 14 || more % 2 ? 1 : 2);
      } else if (op == 255) {
        // A constant of three bytes: most are addresses.
        out[to - 1] = 65;
        let value = 0;
        for (let count = 3; count--; ) value = (value << 8) | bytes[places[10]++];
        for (; value > 63; value >>= 7) out[to++] = value | 128;
        out[to++] = value;
      } else if ((op > 36 && op < 65) || (op > 207 && op != 209)) numbers(14, 1);
    }
    let count = to - start;
    let before = start - 5;
    for (let rest = count; ; rest >>= 7) {
      out[before++] = rest > 127 ? rest | 128 : rest;
      if (rest < 128) break;
    }
    out.copyWithin(before, start, to);
    to = before + count;
  }
  out.set(tail, end);
  return out.subarray(0, size);
}
