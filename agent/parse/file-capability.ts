// Reads the extended attribute security.capability: which capabilities a program gains when it is run, capabilities(7).
import { fileCapabilityNames } from './capabilities.ts'

export interface FileCapability {
  /** gained whoever runs it, such as cap_net_raw; sorted by number */
  readonly permitted: readonly string[]
  /** gained by who has them in the inheritable set */
  readonly inheritable: readonly string[]
  /** in force at once, without the program asking */
  readonly effective: boolean
  /** root of the user namespace it holds in, 0 for all */
  readonly rootUid: number
}

const revisionMask = 0xff000000
const effectiveFlag = 0x000001
/** Revision → words of each set, and whether a root uid follows. */
const revisions: Readonly<Record<number, { readonly words: 1 | 2; readonly rootUid: boolean }>> = {
  [0x01000000]: { words: 1, rootUid: false },
  [0x02000000]: { words: 2, rootUid: false },
  [0x03000000]: { words: 2, rootUid: true },
}

/** @returns undefined when the bytes are no value that the kernel takes. @source linux/capability.h: vfs_ns_cap_data */
export function parseFileCapability(bytes: Uint8Array): FileCapability | undefined {
  if (bytes.length < 4) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0, true)
  const revision = revisions[(magic & revisionMask) >>> 0]
  if (!revision || bytes.length !== 4 + revision.words * 8 + (revision.rootUid ? 4 : 0)) return undefined
  const word = (index: number, offset: number) => BigInt(view.getUint32(4 + index * 8 + offset, true))
  const set = (offset: number) =>
    fileCapabilityNames(word(0, offset) | (revision.words === 2 ? word(1, offset) << 32n : 0n))
  return {
    permitted: set(0),
    inheritable: set(4),
    effective: (magic & effectiveFlag) !== 0,
    rootUid: revision.rootUid ? view.getUint32(4 + revision.words * 8, true) : 0,
  }
}
