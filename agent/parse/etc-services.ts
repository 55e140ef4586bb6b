// Parses /etc/services (services(5)): the names of ports.

export interface ServiceNames {
  /** `22/tcp` → `ssh`; of several names the first, as getservbyport(3) answers */
  readonly byPort: ReadonlyMap<string, string>
  /** numbers of the lines that are neither entries nor comments, from 1 */
  readonly malformed: readonly number[]
}

const entry = /^([^\s#]{1,255})\s+(\d{1,5})\/([A-Za-z0-9-]{1,16})(?:\s|#|$)/

/** Aliases and comments are left out. */
export function parseEtcServices(text: string): ServiceNames {
  const byPort = new Map<string, string>()
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim()
    if (content === '' || content.startsWith('#')) continue
    const [, name = '', port = '', protocol = ''] = entry.exec(content) ?? []
    if (name === '' || Number(port) > 65_535) {
      malformed.push(index + 1)
      continue
    }
    const key = `${Number(port)}/${protocol}`
    if (!byPort.has(key)) byPort.set(key, name)
  }
  return { byPort, malformed }
}
