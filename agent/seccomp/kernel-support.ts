// Reads whether the kernel filters system calls, and with which actions.
import type { Host } from '../host/host.ts'
import type { Gaps } from '../probe.ts'

export interface KernelSupport {
  readonly supported?: boolean
  readonly actionsAvailable?: string[]
  readonly actionsLogged?: string[]
}

const directory = '/proc/sys/kernel/seccomp'
const releasePath = '/proc/sys/kernel/osrelease'
/** kernels that a host may still boot; more are not looked at */
const maxConfigs = 20

/** A running kernel is asked itself; of an offline root the configurations of its kernels are. */
export async function readKernelSupport(host: Host, gaps: Gaps): Promise<KernelSupport> {
  if (!host.live) {
    for (const field of ['actionsAvailable', 'actionsLogged']) {
      gaps.note(field, 'omitted', { state: 'unavailable', path: directory, detail: 'offline root' })
    }
    return { ...supportedBy(await readBootConfigs(host, gaps), 'offline root', gaps) }
  }
  const available = await readActions(host, gaps, 'actions_avail', 'actionsAvailable')
  const logged = await readActions(host, gaps, 'actions_logged', 'actionsLogged')
  const supported =
    available && available.length > 0
      ? { supported: true }
      : supportedBy(await readRunningConfig(host, gaps), 'no kernel configuration', gaps)
  return {
    ...supported,
    ...(available && { actionsAvailable: available }),
    ...(logged && { actionsLogged: logged }),
  }
}

/** Names in the kernel's order; none where the kernel has no such file, which came with 4.14. */
async function readActions(host: Host, gaps: Gaps, name: string, field: string): Promise<string[] | undefined> {
  const text = await host.readText(`${directory}/${name}`)
  if (text.state === 'present') return text.value.split(/\s+/).filter(action => /^[a-z_]{1,32}$/.test(action))
  if (text.state === 'absent') return []
  gaps.note(field, 'omitted', text)
  return undefined
}

/** What the configurations say as one: all of them yes, or all no. */
function supportedBy(answers: readonly boolean[], missing: string, gaps: Gaps): { readonly supported?: boolean } {
  const [first] = answers
  if (first !== undefined && answers.every(answer => answer === first)) return { supported: first }
  const detail = first === undefined ? missing : 'kernels of this host differ'
  gaps.note('supported', 'omitted', { state: 'unavailable', path: '/boot/config-*', detail })
  return {}
}

async function readRunningConfig(host: Host, gaps: Gaps): Promise<readonly boolean[]> {
  const release = await host.readText(releasePath)
  if (release.state !== 'present') return []
  const name = release.value.trim()
  return /^[A-Za-z0-9_.+~-]{1,128}$/.test(name) ? await readConfig(host, gaps, `/boot/config-${name}`) : []
}

async function readBootConfigs(host: Host, gaps: Gaps): Promise<readonly boolean[]> {
  const entries = await host.list('/boot')
  if (entries.state !== 'present') {
    gaps.note('supported', 'omitted', entries)
    return []
  }
  const names = entries.value.map(({ name }) => name).filter(name => name.startsWith('config-'))
  const answers = await Promise.all(names.slice(0, maxConfigs).map(name => readConfig(host, gaps, `/boot/${name}`)))
  return answers.flat()
}

async function readConfig(host: Host, gaps: Gaps, path: string): Promise<readonly boolean[]> {
  const text = await host.readText(path)
  if (text.state === 'present') return [/^CONFIG_SECCOMP_FILTER=y\r?$/m.test(text.value)]
  gaps.note('supported', 'omitted', text)
  return []
}
