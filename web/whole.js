// Puts WebAssembly together again. `xtask/src/bundle/sorted.rs` has taken it apart, and tells how and why.
async function whole(sorted) {
  const bytes = new Uint8Array(sorted);
  const [size, ...parts] = new Uint32Array(sorted.slice(-108));
  let place = 0;
  const places = parts.map((part) => (place += part) - part);
  if (place > bytes.length - 108 || size > 9 * bytes.length) throw Error("a file is cut off");
  const tail = bytes.subarray(place, -108);
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
  // Whether the next instruction is one of these.
  const next = (from, to) => bytes[code] >= from && bytes[code] <= to;
  const constant = () => {
    if (next(106, 107)) return 14;
    if (next(16, 16)) return 15;
    if (next(113, 113)) return 16;
    if (next(116, 120) || next(134, 138)) return 17;
    if (next(32, 32)) return 18;
    if (next(69, 90)) return 19;
    return next(54, 62) ? 20 : 13;
  };
  // A slow machine has something else to do now and then.
  const pause = () => globalThis.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));
  for (let last = performance.now(); to < end; ) {
    if (performance.now() - last > 12) {
      await pause();
      last = performance.now();
    }
    // The body is written where its size has room before it.
    const start = (to += 5);
    for (let count = byte(2); count--; byte(2)) numbers(2, 1);
    for (let depth = 1; depth && to < end + 5; ) {
      const op = instruction();
      if (op > 1 && op < 5) depth++, numbers(3, 1);
      else if (op == 11) depth--;
      else if (op == 12 || op == 13) numbers(4, 1);
      else if (op == 14) numbers(5, bytes[places[5]] + 2);
      else if (op == 16 || op == 18) numbers(24, 1);
      else if (op == 17 || op == 19 || op == 28) numbers(25, 2);
      else if (op > 31 && op < 35) numbers(next(40, 53) ? 7 : next(33, 33) ? 8 : next(54, 62) ? 9 : 6, 1);
      else if (op == 35 || op == 36) numbers(10, 1);
      else if (op > 39 && op < 63) (out[to++] = 0), numbers(op < 54 ? 11 : 12, 1);
      else if (op == 65) numbers(constant(), 1);
      else if (op == 66) numbers(22, 1);
      else if (op == 67 || op == 68) for (let count = op == 67 ? 4 : 8; count--; ) byte(23);
      else if (op == 252) {
        const more = instruction();
        numbers(25, more < 8 ? 0 : more > 14 || more % 2 ? 1 : 2);
      } else if (op == 255) {
        // A constant of three bytes: most are addresses.
        out[to - 1] = 65;
        let value = 0;
        for (let count = 3; count--; ) value = (value << 8) | bytes[places[21]++];
        for (; value > 63; value >>= 7) out[to++] = value | 128;
        out[to++] = value;
      } else if ((op > 36 && op < 65) || (op > 207 && op != 209)) numbers(25, 1);
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
