// Reads whether firewalld is here, starts at boot, and which zone it puts interfaces in.
import type { FirewallFacts } from '../../proto/facets/firewall.ts'
import type { Failure, Host } from '../host/host.ts'
import { parseUfwConf } from '../parse/ufw-conf.ts'
import type { Gaps } from '../probe.ts'
import { isEnabledAtBoot } from '../unit-links.ts'

type Firewalld = NonNullable<FirewallFacts['firewalld']>

export const firewalldConf = '/etc/firewalld/firewalld.conf'
const programs = ['/usr/sbin/firewalld', '/usr/bin/firewalld'] as const

/** Undefined, with a gap, when it cannot be told whether firewalld is installed. */
export async function readFirewalld(host: Host, gaps: Gaps): Promise<Firewalld | undefined> {
  const conf = await host.readText(firewalldConf)
  const installed = conf.state === 'present' || (await hasProgram(host, conf))
  if (typeof installed !== 'boolean') {
    gaps.note('firewalld', 'omitted', installed)
    return undefined
  }
  if (!installed) return { installed, enabledAtBoot: false, defaultZone: '' }
  const boot = await isEnabledAtBoot(host, 'firewalld')
  if (boot.state !== 'present') gaps.note('firewalld.enabledAtBoot', 'omitted', boot)
  const unread = conf.state !== 'present' && conf.state !== 'absent'
  if (unread) gaps.note('firewalld.defaultZone', 'omitted', conf)
  const zone = conf.state === 'present' ? parseUfwConf(conf.value).values.get('DefaultZone') : undefined
  return {
    installed,
    ...(boot.state === 'present' && { enabledAtBoot: boot.value }),
    ...(!unread && { defaultZone: zone || 'public' }),
  }
}

async function hasProgram(host: Host, conf: Failure): Promise<boolean | Failure> {
  let failure = conf.state === 'absent' ? undefined : conf
  for (const path of programs) {
    const program = await host.stat(path)
    if (program.state === 'present') return true
    if (program.state !== 'absent') failure ??= program
  }
  return failure ?? false
}
