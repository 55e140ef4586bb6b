// A fixture host that says its root is the agent's own, for probes that ask programs of the host only there.
import type { Host } from '../agent/host/host.ts'

export function rootedAtSlash(host: Host): Host {
  return new Proxy(host, {
    get: (target, name, receiver) => (name === 'root' ? '/' : Reflect.get(target, name, receiver)),
  })
}
