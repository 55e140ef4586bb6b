// Letters of the kernel's taint mask.

/** By bit, Documentation/admin-guide/tainted-kernels.rst; bit 0 is P (its clear state prints as G). */
const letters = 'PFSRMBUDAWCIOELKXTNJ'

/** Letters of the bits that are set; a bit that has no letter yet is written as its number. */
export function taintFlags(mask: number): readonly string[] {
  const flags: string[] = []
  for (let bit = 0; bit < 53; bit++) {
    if (Math.floor(mask / 2 ** bit) % 2 === 1) flags.push(letters[bit] ?? String(bit))
  }
  return flags
}
