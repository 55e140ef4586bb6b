// Reads mountinfo: every mount of a mount namespace, proc_pid_mountinfo(5).

export interface Mount {
  readonly id: number
  readonly parentId: number
  /** `major:minor` */
  readonly device: string
  /** path inside the mounted file system that is mounted here */
  readonly root: string
  /** relative to the root directory of the process that read the file */
  readonly mountPoint: string
  readonly options: readonly string[]
  readonly fsType: string
  readonly source: string
  readonly superOptions: readonly string[]
}

/**
 * Mounts in the order of the file. A line that does not have the fields of mountinfo is left out: the kernel writes
 * none, so it can only be the cut end of a truncated copy.
 */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = []
  for (const line of text.split('\n')) {
    const mount = parseLine(line)
    if (mount) mounts.push(mount)
  }
  return mounts
}

/** Undoes the kernel's octal escapes (`\040` for a space, `\012`, `\011`, `\134`) in names of mounts. */
export function unescapeMountField(field: string): string {
  if (!field.includes('\\')) return field
  return field.replace(/\\([0-3][0-7]{2})/g, (whole, octal: string) => {
    const code = Number.parseInt(octal, 8)
    return code < 0x80 ? String.fromCharCode(code) : whole
  })
}

function parseLine(line: string): Mount | undefined {
  const fields = line.split(' ')
  const separator = fields.indexOf('-', 6)
  const [id, parentId, device, root, mountPoint, options] = fields
  const [fsType, source, superOptions] = fields.slice(separator + 1)
  if (separator < 0 || !id || !parentId || !device || !root || !mountPoint || !options || !fsType) return undefined
  if (!/^\d{1,10}$/.test(id) || !/^\d{1,10}$/.test(parentId)) return undefined
  return {
    id: Number(id),
    parentId: Number(parentId),
    device,
    root: unescapeMountField(root),
    mountPoint: unescapeMountField(mountPoint),
    options: options.split(','),
    fsType,
    source: unescapeMountField(source ?? ''),
    superOptions: (superOptions ?? '').split(',').filter(option => option !== ''),
  }
}
