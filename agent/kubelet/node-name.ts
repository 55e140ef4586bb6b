// Tells the name that k3s and RKE2 give their node, always as an argument of the kubelet.
import type { Host, Outcome } from '../host/host.ts'
import type { NodeName } from './found-kubelet.ts'

/** That of the host in small letters unless users say one; absent when there is neither. */
export async function readNodeName(host: Host, { given, withId }: NodeName): Promise<Outcome<string>> {
  const path = host.live ? '/proc/sys/kernel/hostname' : '/etc/hostname'
  const name: Outcome<string> =
    given === undefined ? await host.readText(path, { maxBytes: 4096 }) : { state: 'present', path, value: given }
  if (name.state !== 'present' || !withId) return trimmed(name)
  const id = await host.readText('/etc/rancher/node/id', { maxBytes: 4096 })
  return id.state === 'present' ? trimmed({ ...id, value: `${name.value.trim()}-${id.value.trim()}` }) : id
}

function trimmed(name: Outcome<string>): Outcome<string> {
  return name.state === 'present' ? { ...name, value: name.value.trim().toLowerCase() } : name
}
