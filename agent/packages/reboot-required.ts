// Tells whether a package asked for a reboot: the marks that Debian's and Ubuntu's packages leave in /run.
import type { PackagesFacts } from '../../proto/facets/packages.ts'
import type { Host } from '../host/host.ts'
import { offline } from '../no-answer.ts'
import type { Gaps } from '../probe.ts'

const markPath = '/run/reboot-required'
const listPath = '/run/reboot-required.pkgs'
const maxPackages = 1000

/** /run is empty at boot, so an offline root cannot tell. */
export async function readRebootRequired(
  host: Host,
  gaps: Gaps,
): Promise<Pick<PackagesFacts, 'rebootRequired' | 'rebootPackages'>> {
  if (!host.live) {
    gaps.note('rebootRequired', 'omitted', offline(markPath))
    gaps.note('rebootPackages', 'omitted', offline(listPath))
    return {}
  }
  const mark = await host.stat(markPath)
  const list = await host.readText(listPath)
  if (mark.state !== 'present') gaps.note('rebootRequired', 'omitted', mark)
  if (list.state !== 'present') gaps.note('rebootPackages', 'omitted', list)
  const isKnown = mark.state === 'present' || mark.state === 'absent'
  return {
    ...(isKnown && { rebootRequired: mark.state === 'present' }),
    ...(list.state === 'absent' && { rebootPackages: [] }),
    ...(list.state === 'present' && { rebootPackages: packageNames(list.value) }),
  }
}

/** One name a line, again and again for each that asked. */
function packageNames(text: string): string[] {
  const names = text.split('\n').map(line => line.trim())
  return [...new Set(names.filter(name => /^[A-Za-z0-9][A-Za-z0-9.+:_-]{0,200}$/.test(name)))].slice(0, maxPackages)
}
