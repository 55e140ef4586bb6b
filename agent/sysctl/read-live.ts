// Reads kernel parameters as they are now, each with the namespace it belongs to kept in mind.
import type { Failure, Host, Outcome } from '../host/host.ts'

/** What /proc/sys says of one parameter. */
export type LiveValue =
  | { readonly state: 'known'; readonly supported: boolean; readonly value: string }
  | { readonly state: 'unknown'; readonly failure: Failure }

/** Longer values belong to no parameter that says how hardened a host is. */
const maxBytes = 1024

/** @param paths below /proc/sys, none with `..` */
export async function readLive(host: Host, paths: readonly string[]): Promise<ReadonlyMap<string, LiveValue>> {
  const foreign = await foreignNamespaces(host)
  const readable = paths.filter(path => namespaceFailure(path, foreign) === undefined)
  const texts = await host.readTexts(
    readable.map(path => `/proc/sys/${path}`),
    { maxBytes },
  )
  const values = new Map<string, LiveValue>()
  for (const [at, path] of readable.entries()) {
    const text = texts[at]
    if (text) values.set(path, await liveValue(host, text))
  }
  for (const path of paths) {
    const failure = namespaceFailure(path, foreign)
    if (failure) values.set(path, { state: 'unknown', failure })
  }
  return values
}

/** White space, also line ends, becomes one blank: `4\t4\t1\t7\n` → `4 4 1 7`. */
export const foldedValue = (text: string) => text.replace(/[\s\0]+/g, ' ').trim()

async function liveValue(host: Host, text: Outcome<string>): Promise<LiveValue> {
  if (text.state === 'present') return { state: 'known', supported: true, value: foldedValue(text.value) }
  // A directory is no parameter.
  if (text.state === 'absent' || (text.state === 'notRegular' && text.detail === 'directory')) {
    return { state: 'known', supported: false, value: '' }
  }
  // Nobody may read what is there to be written only, such as net/ipv4/route/flush.
  const stat = await host.stat(text.path)
  const writeOnly = stat.state === 'present' && (stat.value.mode & 0o444) === 0
  return writeOnly ? { state: 'known', supported: true, value: '' } : { state: 'unknown', failure: text }
}

/** Parameters that exist once per namespace show those of the process that reads them, whatever /proc it reads. */
const namespaced: readonly (readonly [namespace: string, paths: RegExp])[] = [
  ['net', /^net\//],
  ['ipc', /^(?:fs\/mqueue\/|kernel\/(?:shm|msg|sem|auto_msgmni))/],
  ['uts', /^kernel\/(?:hostname|domainname)$/],
  ['user', /^user\//],
]

async function foreignNamespaces(host: Host): Promise<ReadonlySet<string>> {
  const foreign = new Set<string>()
  for (const [name] of namespaced) {
    const ours = await host.readLink(`/proc/self/ns/${name}`)
    const theirs = await host.readLink(`/proc/1/ns/${name}`)
    if (ours.state === 'present' && theirs.state === 'present' && ours.value !== theirs.value) foreign.add(name)
  }
  return foreign
}

function namespaceFailure(path: string, foreign: ReadonlySet<string>): Failure | undefined {
  const [name] = namespaced.find(([namespace, paths]) => foreign.has(namespace) && paths.test(path)) ?? []
  if (name === undefined) return undefined
  return { state: 'unavailable', path: `/proc/sys/${path}`, detail: `the agent is in another ${name} namespace` }
}
