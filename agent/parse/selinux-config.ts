// Parses /etc/selinux/config (selinux_config(5)): the mode and the policy of the next boot.

export interface SelinuxConfig {
  readonly mode: 'enforcing' | 'permissive' | 'disabled' | 'none'
  /** such as targeted; empty when not set */
  readonly type: string
  /** lines that set the mode to what is none, from 1 */
  readonly malformed: readonly number[]
}

const modes = ['enforcing', 'permissive', 'disabled'] as const

/** The first known mode wins, and the last type, as libselinux has it. */
export function parseSelinuxConfig(text: string): SelinuxConfig {
  let mode: SelinuxConfig['mode'] = 'none'
  let type = ''
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    // Only the type may have blanks before its name.
    const wanted = raw.startsWith('SELINUX=') ? raw.slice('SELINUX='.length).trim().toLowerCase() : undefined
    if (wanted !== undefined) {
      const found = modes.find(word => wanted.startsWith(word))
      if (found === undefined) malformed.push(index + 1)
      else if (mode === 'none') mode = found
    }
    const named = /^\s*SELINUXTYPE=(.*)$/s.exec(raw)?.[1]?.trim()
    if (named !== undefined && /^[A-Za-z0-9_-]{1,64}$/.test(named)) type = named
  }
  return { mode, type, malformed }
}
