// Turns what getcap(8) says of a file into the attribute security.capability that it was read from.
import { capabilityNumber } from './capabilities.ts'

const versions = { plain: 0x02000000, withRoot: 0x03000000 } as const
const effectiveFlag = 1
const clausePattern = /^(?<names>[a-z0-9_,]*)(?<actions>(?:[=+-][eip]*)+)$/
const rootPattern = / \[rootid=(?<root>\d{1,10})\]$/
/** capabilities(7): CAP_CHECKPOINT_RESTORE is the last that has a name */
const all = (1n << 41n) - 1n

/**
 * @param text behind the path, as `cap_net_raw=ep` or ` = cap_net_raw+ep` of libcap before 2.41
 * @returns the attribute in hex; undefined for what is no such text
 * @source cap_text_formats(7), linux/capability.h: vfs_ns_cap_data
 */
export function capabilityOfGetcap(text: string): string | undefined {
  const root = rootPattern.exec(text)?.groups?.['root']
  const clauses = text.replace(rootPattern, '').replace(/^ ?= /, '').trim().split(' ')
  const sets = { e: 0n, i: 0n, p: 0n }
  for (const clause of clauses) if (!apply(clause, sets)) return undefined
  const view = new DataView(new ArrayBuffer(root === undefined ? 20 : 24))
  const version = root === undefined ? versions.plain : versions.withRoot
  view.setUint32(0, version | (sets.e === 0n ? 0 : effectiveFlag), true)
  for (const word of [0, 1]) {
    view.setUint32(4 + word * 8, Number((sets.p >> BigInt(word * 32)) & 0xffffffffn), true)
    view.setUint32(8 + word * 8, Number((sets.i >> BigInt(word * 32)) & 0xffffffffn), true)
  }
  if (root !== undefined) view.setUint32(20, Number(root), true)
  return Buffer.from(view.buffer).toString('hex')
}

interface Sets {
  e: bigint
  i: bigint
  p: bigint
}

/** @returns false for what is no clause */
function apply(clause: string, sets: Sets): boolean {
  const { names, actions } = clausePattern.exec(clause)?.groups ?? {}
  if (names === undefined || actions === undefined) return false
  const mask = maskOf(names)
  if (mask === undefined) return false
  for (const [, operator, flags = ''] of actions.matchAll(/([=+-])([eip]*)/g)) {
    for (const set of ['e', 'i', 'p'] as const) {
      if (operator === '=') sets[set] &= ~mask
      if (!flags.includes(set)) continue
      if (operator === '-') sets[set] &= ~mask
      else sets[set] |= mask
    }
  }
  return true
}

function maskOf(names: string): bigint | undefined {
  if (names === '' || names === 'all') return all
  let mask = 0n
  for (const name of names.split(',')) {
    const number = capabilityNumber(name)
    if (number === undefined) return undefined
    mask |= 1n << BigInt(number)
  }
  return mask
}
