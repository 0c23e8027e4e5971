// QR codes (ISO/IEC 18004), versions 1 to 20, byte mode, levels L and M: what a tablet without a network shows to a camera.

export const MOST_VERSION = 20;

// Per level, for versions 1, 2, …: error correction codewords of a block, and blocks.
const LEVELS = {
  L: {
    bits: 1,
    check: [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28],
    blocks: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8],
  },
  M: {
    bits: 0,
    check: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26],
    blocks: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16],
  },
};

const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => ((y >> 1) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

// Powers and logarithms of 2 in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1.
const EXP = new Uint8Array(255);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = value;
  LOG[value] = power;
  value = (value << 1) ^ (value & 128 ? 0x11d : 0);
}
const times = (a, b) => (a && b ? EXP[(LOG[a] + LOG[b]) % 255] : 0);

const sizeOf = (version) => 17 + 4 * version;
const lengthBits = (version) => (version < 10 ? 8 : 16);

/** Rows and columns in which the centres of the alignment patterns lie. */
function alignments(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const last = sizeOf(version) - 7;
  const step = 2 * Math.ceil((last - 6) / (2 * (count - 1)));
  return [6, ...Array.from({ length: count - 1 }, (_, n) => last - step * (count - 2 - n))];
}

/** Modules that hold neither patterns nor information about the code itself, in whole bytes. */
function codewords(version) {
  const size = sizeOf(version);
  const marks = alignments(version).length;
  const aligned = marks ? 25 * (marks * marks - 3) - 10 * (marks - 2) : 0; // those on the timing lines share five modules with them
  const open = size * size - 3 * 64 - 2 * (size - 16) - 31 - aligned - (version > 6 ? 36 : 0);
  return open >> 3;
}

/** How many bytes a code of this version and level holds. */
export function capacity(version, level = "M") {
  const { check, blocks } = LEVELS[level];
  const bits = 8 * (codewords(version) - check[version - 1] * blocks[version - 1]) - 4 - lengthBits(version);
  return bits >> 3;
}

/** {version, mask, size, dark}: `dark[y * size + x]` is 1 for a dark module. Throws a RangeError for more than fits. */
export function encode(bytes, { level = "M", least = 1 } = {}) {
  let version = least;
  while (version <= MOST_VERSION && capacity(version, level) < bytes.length) version += 1;
  if (version > MOST_VERSION) throw new RangeError(`${bytes.length} bytes`);
  const canvas = drawn(version);
  fill(canvas, interleaved(payload(bytes, version, level), version, level));
  let best = null;
  for (let mask = 0; mask < MASKS.length; mask += 1) {
    const dark = masked(canvas, mask, level);
    const penalty = penaltyOf(dark, canvas.size);
    if (!best || penalty < best.penalty) best = { penalty, mask, dark };
  }
  return { version, mask: best.mask, size: canvas.size, dark: best.dark };
}

/** The data codewords: mode, length, bytes, terminator, padding. */
function payload(bytes, version, level) {
  const { check, blocks } = LEVELS[level];
  const room = codewords(version) - check[version - 1] * blocks[version - 1];
  const bits = [];
  const put = (value, count) => {
    for (let bit = count - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  put(4, 4);
  put(bytes.length, lengthBits(version));
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, 8 * room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  const data = new Uint8Array(room);
  for (let n = 0; n < bits.length; n += 1) data[n >> 3] |= bits[n] << (7 - (n & 7));
  for (let n = bits.length >> 3, odd = true; n < room; n += 1, odd = !odd) data[n] = odd ? 0xec : 0x11;
  return data;
}

/** Reed-Solomon: the remainder of data · x^count by the product of (x - 2^n) for n < count. */
function checkOf(data, count) {
  let divisor = [1];
  for (let n = 0; n < count; n += 1) {
    const next = [...divisor, 0];
    divisor.forEach((factor, place) => (next[place + 1] ^= times(factor, EXP[n])));
    divisor = next;
  }
  const rest = new Uint8Array(data.length + count);
  rest.set(data);
  for (let n = 0; n < data.length; n += 1) {
    const lead = rest[n];
    if (lead) divisor.forEach((factor, place) => (rest[n + place] ^= times(factor, lead)));
  }
  return rest.slice(data.length);
}

/** Data and check codewords of all blocks, dealt out in turn; later blocks may be one longer. */
function interleaved(data, version, level) {
  const count = LEVELS[level].blocks[version - 1];
  const check = LEVELS[level].check[version - 1];
  const short = Math.floor(data.length / count);
  const long = data.length % count;
  const blocks = [];
  for (let n = 0, from = 0; n < count; n += 1) {
    const part = data.slice(from, (from += short + (n >= count - long ? 1 : 0)));
    blocks.push([part, checkOf(part, check)]);
  }
  const found = [];
  for (const kind of [0, 1]) {
    const longest = blocks.at(-1)[kind].length;
    for (let n = 0; n < longest; n += 1) for (const block of blocks) if (n < block[kind].length) found.push(block[kind][n]);
  }
  return found;
}

/** An empty code with its patterns: {size, dark, fixed}; `fixed` modules take no data and no mask. */
function drawn(version) {
  const size = sizeOf(version);
  const canvas = { size, dark: new Uint8Array(size * size), fixed: new Uint8Array(size * size) };
  const set = (x, y, dark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    canvas.dark[y * size + x] = dark ? 1 : 0;
    canvas.fixed[y * size + x] = 1;
  };
  const rings = (cx, cy, radius, light) => {
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) set(cx + dx, cy + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  for (let n = 0; n < size; n += 1) {
    set(n, 6, n % 2 === 0);
    set(6, n, n % 2 === 0);
  }
  const far = size - 4;
  for (const [x, y] of [[3, 3], [far, 3], [3, far]]) rings(x, y, 4, [2, 4]);
  const lines = alignments(version);
  for (const x of lines) for (const y of lines) if (!inCorner(x, y, size)) rings(x, y, 2, [1]);
  // Room for the format, in the three corners; the one module at its end is always dark.
  for (const n of [0, 1, 2, 3, 4, 5, 7, 8]) for (const [x, y] of [[8, n], [n, 8]]) set(x, y, false);
  for (let n = size - 8; n < size; n += 1) for (const [x, y] of [[8, n], [n, 8]]) set(x, y, x === 8 && n === size - 8);
  if (version > 6) {
    const bits = withCheck(version, 12, 0x1f25);
    for (let n = 0; n < 18; n += 1) {
      const [a, b] = [size - 11 + (n % 3), Math.floor(n / 3)];
      set(a, b, (bits >> n) & 1);
      set(b, a, (bits >> n) & 1);
    }
  }
  return canvas;
}

const inCorner = (x, y, size) => (x === 6 && y === 6) || (x === 6 && y === size - 7) || (x === size - 7 && y === 6);

/** A number with its BCH check bits behind it. */
function withCheck(value, count, divisor) {
  let rest = value << count;
  for (let bit = 31 - Math.clz32(rest); bit >= count; bit -= 1) if ((rest >> bit) & 1) rest ^= divisor << (bit - count);
  return (value << count) | rest;
}

/** Lays the codewords into the free modules: pairs of columns from the right, up and down in turn. */
function fill({ size, dark, fixed }, words) {
  let place = 0;
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5; // the column of the timing pattern is left out
    for (let n = 0; n < size; n += 1) {
      for (const x of [right, right - 1]) {
        const at = (up ? size - 1 - n : n) * size + x;
        if (fixed[at]) continue;
        dark[at] = place < 8 * words.length ? (words[place >> 3] >> (7 - (place & 7))) & 1 : 0;
        place += 1;
      }
    }
  }
}

function masked({ size, dark, fixed }, mask, level) {
  const found = dark.slice();
  for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) if (!fixed[y * size + x] && MASKS[mask](x, y)) found[y * size + x] ^= 1;
  const bits = withCheck((LEVELS[level].bits << 3) | mask, 10, 0x537) ^ 0x5412;
  for (let n = 0; n < 15; n += 1) {
    const bit = (bits >> n) & 1;
    found[(n < 6 ? n : n < 8 ? n + 1 : size - 15 + n) * size + 8] = bit; // down the column beside the left patterns
    found[8 * size + (n < 8 ? size - 1 - n : n === 8 ? 7 : 14 - n)] = bit; // along the row below the upper ones
  }
  return found;
}

/** How hard a code is to read: long runs, blocks of one colour, look-alikes of the corner patterns, too much of one colour. */
function penaltyOf(dark, size) {
  let sum = 0;
  for (const [along, across] of [[1, size], [size, 1]]) {
    for (let line = 0; line < size; line += 1) {
      let run = 0;
      let recent = 0; // the last fifteen modules as bits; outside the code all is light
      for (let n = 0; n < size + 4; n += 1) {
        const at = line * across + n * along;
        const inside = n < size;
        recent = ((recent << 1) | (inside ? dark[at] : 0)) & 0x7fff;
        if (((recent >> 4) & 0x7f) === 0b1011101 && (recent >> 11 === 0 || (recent & 15) === 0)) sum += 40;
        if (!inside) continue;
        run = n && dark[at] === dark[at - along] ? run + 1 : 1;
        if (run >= 5) sum += run === 5 ? 3 : 1;
        if (along === 1 && n && line) {
          const four = dark[at] + dark[at - 1] + dark[at - size] + dark[at - size - 1];
          if (four === 0 || four === 4) sum += 3;
        }
      }
    }
  }
  const share = dark.reduce((count, one) => count + one, 0) / dark.length;
  return sum + 10 * Math.floor(Math.abs(share * 100 - 50) / 5);
}
