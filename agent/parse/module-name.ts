// Kernel module names: the one spelling that `-` and `_`, paths and compressed files lead to.

/** Longest name a module can have: MODULE_NAME_LEN of a 64-bit kernel without the end mark. */
const maxNameLength = 55

/**
 * `-` becomes `_`, except inside `[…]` of a pattern, as kmod has it.
 * @returns undefined for unbalanced brackets, which kmod refuses
 */
export function underscored(name: string): string | undefined {
  let result = ''
  for (let at = 0; at < name.length; at++) {
    const char = name[at] ?? ''
    if (char === ']') return undefined
    if (char !== '[') {
      result += char === '-' ? '_' : char
      continue
    }
    const end = name.indexOf(']', at)
    if (end < 0) return undefined
    result += name.slice(at, end + 1)
    at = end
  }
  return result
}

/** Whether a module can be called that: not empty, not a pattern, no slash, white space or control character. */
export function isModuleName(name: string): boolean {
  return name.length > 0 && name.length <= maxNameLength && !/[\0-\x20\x7f/*?[\]\\]/.test(name)
}

/** `kernel/net/sctp/sctp.ko.xz` → `sctp`; undefined when the path is not a module's. */
export function moduleNameOfPath(path: string): string | undefined {
  const file = path.slice(path.lastIndexOf('/') + 1)
  const end = /\.ko(?:\.(?:gz|xz|zst|lz4))?$/.exec(file)
  if (!end) return undefined
  const name = file.slice(0, end.index).replaceAll('-', '_')
  return isModuleName(name) ? name : undefined
}
