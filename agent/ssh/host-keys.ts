// Reads modes and owners of sshd's host keys, and type and size of the public keys beside them.

import type { SshFacts } from '../../proto/facets/ssh.ts'
import type { Host } from '../host/host.ts'
import { octalMode } from '../octal-mode.ts'
import { parseSshPublicKey } from '../parse/ssh-public-key.ts'
import type { Gaps } from '../probe.ts'

type Row = NonNullable<SshFacts['hostKeys']>[number]

const maxKeys = 100

/** Private keys are looked at from outside only. */
export async function readHostKeys(host: Host, gaps: Gaps, paths: readonly string[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const path of [...new Set(paths)].slice(0, maxKeys)) {
    if (!path.startsWith('/')) continue
    const row = await readHostKey(host, gaps, path)
    if (row) rows.push(row)
  }
  return rows
}

async function readHostKey(host: Host, gaps: Gaps, path: string): Promise<Row | undefined> {
  const stat = await host.stat(path)
  if (stat.state !== 'present' && stat.state !== 'absent') {
    gaps.note('hostKeys', 'incomplete', stat)
    return undefined
  }
  const text = await host.readText(`${path}.pub`, { maxBytes: 64 * 1024 })
  if (text.state !== 'present' && text.state !== 'absent') gaps.note('hostKeys', 'incomplete', text)
  const { type, bits } = (text.state === 'present' ? parseSshPublicKey(text.value) : undefined) ?? { type: '', bits: 0 }
  const publicStat = await host.stat(`${path}.pub`)
  const ownership = stat.state === 'present' ? stat.value : undefined
  const publicOwnership = publicStat.state === 'present' ? publicStat.value : undefined
  return {
    ...{ path, state: stat.state, type, bits },
    ...{ mode: octalMode(ownership?.mode), uid: ownership?.uid ?? -1, gid: ownership?.gid ?? -1 },
    ...{ publicMode: octalMode(publicOwnership?.mode), publicUid: publicOwnership?.uid ?? -1 },
  }
}
