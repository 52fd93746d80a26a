// Puts WebAssembly together again. `xtask/src/bundle/sorted.rs` has taken it apart, and tells how and why.
async function whole(sorted) {
  const bytes = new Uint8Array(sorted);
  // By part, how far it is read. Before the first stand the lengths of all.
  const places = [0];
  const value = (part) => {
    for (let sum = 0, shift = 0; ; shift += 7) {
      const byte = bytes[places[part]++];
      sum |= (byte & 127) << shift;
      if (!(byte > 127)) return sum;
    }
  };
  const [size, ...parts] = Array.from({ length: 25 }, () => value(0));
  let [place] = places;
  parts.forEach((part, nth) => (places[nth] = (place += part) - part));
  if (place > bytes.length || size > 9 * bytes.length) throw Error("a file is cut off");
  const tail = bytes.subarray(place);
  const end = size - tail.length;
  const out = new Uint8Array(size + 5);
  let to = 0;
  // Instructions: some bytes have changed places, and some stand for two.
  const table = (entries) => entries.map((entry) => entry.match(/../g).map((byte) => parseInt(byte, 16)));
  const codes = [...Array(256).keys()];
  for (const [a, b] of table("SWAPS".match(/.{4}/g))) [codes[a], codes[b]] = [codes[b], codes[a]];
  const meant = [];
  codes.forEach((code, byte) => (meant[code] = [byte]));
  for (const [pair, a, b] of table("PAIRS".match(/.{6}/g))) meant[codes[pair]] = [...meant[codes[a]], ...meant[codes[b]]];
  // What is done most has a place of its own: that is twice as fast.
  const instructions = new Uint8Array(end);
  let [code, read, from, last] = [0, 0, places[3], places[4]];
  const instruction = () => {
    // This one and the next are there.
    while (read < code + 2 && from < last) for (const one of meant[bytes[from++]]) instructions[read++] = one;
    return (out[to++] = instructions[code++]);
  };
  const byte = (part) => (out[to++] = bytes[places[part]++]);
  const numbers = (part, count) => {
    let [from, here] = [places[part], to];
    while (count-- > 0) while ((out[here++] = bytes[from++]) > 127);
    (places[part] = from), (to = here);
  };
  // Whether the next instruction is one of these.
  const next = (from, to) => instructions[code] >= from && instructions[code] <= to;
  const constant = () => {
    if (next(106, 107)) return 13;
    if (next(113, 113)) return 14;
    if (next(116, 120) || next(134, 138)) return 15;
    if (next(32, 32)) return 16;
    return next(54, 62) ? 17 : 12;
  };
  // A number, up to what its last byte can hold.
  const write = (value, most) => {
    for (; value > most; value >>= 7) out[to++] = value | 128;
    out[to++] = value;
  };
  // How far it is from the number before.
  const step = (part) => {
    const both = value(part);
    return both & 1 ? ~(both >> 1) : both >> 1;
  };
  const letter = (number) => (out[to++] = number + (number < 26 ? 65 : 71));
  // Bytes as they are, and then functions with names of two letters.
  const names = (imports) => {
    for (let count = value(0); count--; ) byte(0);
    for (let count = value(0), name = 0, index = 0; count--; ) {
      if (imports) (out[to++] = 1), byte(0);
      name += step(1);
      out[to++] = 2;
      letter(Math.trunc(name / 52));
      letter(name % 52);
      out[to++] = 0;
      if (imports) numbers(2, 1);
      else write((index += step(2)), 127);
    }
  };
  [true, false, false].forEach(names);
  // A slow machine has something else to do now and then.
  const pause = () => globalThis.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));
  for (let last = performance.now(); to < end; ) {
    if (performance.now() - last > 8) {
      await pause();
      last = performance.now();
    }
    // The body is written where its size has room before it.
    const start = (to += 5);
    for (let count = byte(4); count--; byte(4)) numbers(23, 1);
    for (let depth = 1; depth && to < end + 5; ) {
      const op = instruction();
      if (op > 1 && op < 5) depth++, numbers(5, 1);
      else if (op == 11) depth--;
      else if (op == 12 || op == 13) numbers(6, 1);
      else if (op == 14) numbers(6, bytes[places[6]] + 2);
      else if (op == 16) numbers(21, 1);
      else if (op == 17 || op == 28) numbers(22, 2);
      else if (op > 31 && op < 35) numbers(next(40, 53) ? 8 : next(54, 62) ? 9 : 7, 1);
      else if (op > 39 && op < 63) (out[to++] = 0), numbers(op < 54 ? 10 : 11, 1);
      else if (op == 65) numbers(constant(), 1);
      else if (op == 66) numbers(19, 1);
      else if (op == 67 || op == 68) for (let count = op == 67 ? 4 : 8; count--; ) byte(20);
      else if (op == 252) {
        const more = byte(22);
        numbers(22, more < 8 ? 0 : more > 14 || more % 2 ? 1 : 2);
      } else if (op == 255) {
        // A constant of three bytes: most are addresses.
        out[to - 1] = 65;
        let value = 0;
        for (let count = 3; count--; ) value = (value << 8) | bytes[places[18]++];
        write(value, 63);
      } else if ((op > 34 && op < 65) || (op > 207 && op != 209)) numbers(22, 1);
    }
    const count = to - start;
    to = start - 5;
    write(count, 127);
    out.copyWithin(to, start, start + count);
    to += count;
  }
  out.set(tail, end);
  return out.subarray(0, size);
}
