// Reads what the kernel says of SELinux: mode, policy, and the booleans that matter.
import { type SelinuxFacts, weightyBooleans } from '../../proto/facets/selinux.ts'
import type { Failure, Host } from '../host/host.ts'
import { offline, unavailable } from '../no-answer.ts'
import { parseProcCmdline } from '../parse/proc-cmdline.ts'
import type { Gaps } from '../probe.ts'

export type KernelState = Pick<
  SelinuxFacts,
  'mode' | 'policyVersion' | 'unknownPermissions' | 'booleans' | 'disabledAtBoot'
>

const directory = '/sys/fs/selinux'
const fields = ['mode', 'policyVersion', 'unknownPermissions', 'booleans'] as const

/** Whether the running kernel has SELinux switched on; undefined where that cannot be told. */
export async function isActive(host: Host): Promise<boolean | undefined> {
  if (!host.live) return undefined
  const stat = await host.stat(`${directory}/enforce`)
  if (stat.state !== 'absent') return true
  return (await host.stat('/sys/fs')).state === 'present' ? false : undefined
}

export async function readKernelState(host: Host, gaps: Gaps): Promise<KernelState> {
  const active = await isActive(host)
  if (active === undefined) {
    const failure: Failure = host.live
      ? { state: 'unavailable', path: directory, detail: '/sys is not mounted' }
      : offline(directory)
    for (const field of fields) gaps.note(field, 'omitted', failure)
    return await readBoot(host, gaps)
  }
  const boot = await readBoot(host, gaps)
  if (!active) return { mode: 'disabled', policyVersion: 0, unknownPermissions: 'none', booleans: [], ...boot }
  const enforce = await readNumber(host, gaps, 'mode', 'enforce')
  const policyVersion = await readNumber(host, gaps, 'policyVersion', 'policyvers')
  const deny = await readNumber(host, gaps, 'unknownPermissions', 'deny_unknown')
  const reject = await readNumber(host, gaps, 'unknownPermissions', 'reject_unknown')
  const booleans = await readBooleans(host, gaps)
  return {
    ...boot,
    ...(enforce !== undefined && { mode: enforce === 1 ? 'enforcing' : 'permissive' }),
    ...(policyVersion !== undefined && { policyVersion }),
    ...(deny !== undefined &&
      reject !== undefined && { unknownPermissions: reject === 1 ? 'reject' : deny === 1 ? 'deny' : 'allow' }),
    ...(booleans && { booleans }),
  }
}

async function readBoot(host: Host, gaps: Gaps): Promise<Pick<KernelState, 'disabledAtBoot'>> {
  const path = '/proc/cmdline'
  const text = host.live ? await host.readText(path) : offline(path)
  if (text.state !== 'present') {
    gaps.note('disabledAtBoot', 'omitted', unavailable(text))
    return {}
  }
  const last = parseProcCmdline(text.value).findLast(({ name }) => name === 'selinux')
  return { disabledAtBoot: last?.value === '0' }
}

async function readNumber(host: Host, gaps: Gaps, field: string, name: string): Promise<number | undefined> {
  const text = await host.readText(`${directory}/${name}`, { maxBytes: 4096 })
  const number = text.state === 'present' ? /^(\d{1,9})\s*$/.exec(text.value)?.[1] : undefined
  if (number !== undefined) return Number(number)
  const failure: Failure =
    text.state === 'present'
      ? { state: 'unavailable', path: text.path, detail: 'not the text of selinuxfs' }
      : unavailable(text)
  gaps.note(field, 'omitted', failure)
  return undefined
}

/** `1 0`: now, and after the next commit. A boolean that the policy lacks has no file. */
async function readBooleans(host: Host, gaps: Gaps): Promise<KernelState['booleans']> {
  const rows: NonNullable<KernelState['booleans']> = []
  for (const name of weightyBooleans) {
    const text = await host.readText(`${directory}/booleans/${name}`, { maxBytes: 4096 })
    const [, value, pending] = (text.state === 'present' && /^([01]) ([01])\s*$/.exec(text.value)) || []
    if (value !== undefined) rows.push({ name, value: value === '1', pending: pending === '1' })
    else if (text.state !== 'present') gaps.note('booleans', 'incomplete', text)
  }
  return rows
}
