// Finds the types that an administrator made permissive: modules that semanage adds to the policy store.
import type { Host } from '../host/host.ts'
import type { Gaps } from '../probe.ts'

const prefix = 'permissive_'
/** What libselinux takes when its configuration names none. */
const usualPolicy = 'targeted'

/** @param type policy such as targeted, empty when none is named; @returns undefined, with a gap, when a store is there and cannot be listed */
export async function readPermissiveDomains(host: Host, gaps: Gaps, type: string): Promise<string[] | undefined> {
  const policy = type === '' ? usualPolicy : type
  const found = new Set<string>()
  // Since Red Hat 8, in 7, and before.
  const stores = [`/var/lib/selinux/${policy}/active/modules`, `/etc/selinux/${policy}/active/modules`]
  for (const store of stores) {
    const priorities = await host.list(store)
    if (priorities.state === 'absent') continue
    if (priorities.state !== 'present') {
      gaps.note('permissiveDomains', 'omitted', priorities)
      return undefined
    }
    for (const { name, kind } of priorities.value) {
      if (kind !== 'directory' || !/^\d{1,3}$/.test(name)) continue
      const modules = await host.list(`${store}/${name}`)
      if (modules.state !== 'present') {
        gaps.note('permissiveDomains', 'omitted', modules)
        return undefined
      }
      for (const module of modules.value) {
        const domain = module.name.startsWith(prefix) ? module.name.slice(prefix.length) : ''
        if (/^[A-Za-z0-9_]{1,128}$/.test(domain)) found.add(domain)
      }
    }
  }
  return [...found]
}
