// Reads what /proc/PID/status says of a process's rights, proc_pid_status(5).

export interface ProcessRights {
  /** effective, as the reader's user namespace sees them */
  readonly uid: number
  readonly gid: number
  readonly effective: bigint
  readonly bounding: bigint
  readonly ambient: bigint
  readonly noNewPrivs: boolean
  readonly seccomp: 'none' | 'strict' | 'filter'
}

const modes = { 0: 'none', 1: 'strict', 2: 'filter' } as const

/** Undefined for a text that lacks one of them. A kernel without seccomp has no line for it. */
export function parseProcessRights(text: string): ProcessRights | undefined {
  const lines = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0 && !lines.has(line.slice(0, colon))) lines.set(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  const id = (name: string) => wholeNumber(lines.get(name)?.split(/\s+/)[1])
  const mask = (name: string) => hexMask(lines.get(name))
  const [uid, gid] = [id('Uid'), id('Gid')]
  const [effective, bounding, ambient] = [mask('CapEff'), mask('CapBnd'), mask('CapAmb')]
  const privileges = lines.get('NoNewPrivs')
  const mode = modes[(lines.get('Seccomp') ?? '0') as unknown as keyof typeof modes]
  if (uid === undefined || gid === undefined || effective === undefined || bounding === undefined) return undefined
  if (ambient === undefined || mode === undefined || (privileges !== '0' && privileges !== '1')) return undefined
  return { uid, gid, effective, bounding, ambient, noNewPrivs: privileges === '1', seccomp: mode }
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined
}

function hexMask(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[0-9a-f]{16}$/.test(text) ? BigInt(`0x${text}`) : undefined
}
