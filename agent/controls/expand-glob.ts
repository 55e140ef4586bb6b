// Expands the patterns of an audit script to the files of a host.
import { matchesGlob } from '../parse/glob.ts'
import { type AuditWorld, absolute, known, spend } from './program.ts'

/**
 * Names that a pattern comes to; the pattern itself where there is none, relative ones included: audits have patterns in
 * texts that their quotes do not cover. @throws UnansweredAudit for a relative pattern that something in the root matches
 */
export async function expandGlob(pattern: string, world: AuditWorld): Promise<readonly string[]> {
  if (await isNowhere(pattern, world)) return [pattern]
  absolute(pattern)
  let paths: readonly string[] = ['']
  for (const part of pattern.split('/').slice(1)) {
    const found: string[] = []
    for (const path of paths) found.push(...(await matchesIn(path, part, world)))
    paths = found
  }
  return paths.length > 0 ? paths : [pattern]
}

/** Whether a relative pattern matches nothing in the root, where containers and services run. */
async function isNowhere(pattern: string, world: AuditWorld): Promise<boolean> {
  if (pattern.startsWith('/')) return false
  const [first = ''] = pattern.split('/')
  return (await matchesIn('', first, world)).length === 0
}

async function matchesIn(directory: string, part: string, world: AuditWorld): Promise<readonly string[]> {
  spend(world)
  if (!/[*?[]/.test(part)) {
    const path = `${directory}/${part}`
    return known(await world.host.stat(path, { follow: false })) ? [path] : []
  }
  const stat = known(await world.host.stat(directory === '' ? '/' : directory))
  if (stat?.kind !== 'directory') return []
  const entries = known(await world.host.list(directory === '' ? '/' : directory)) ?? []
  return entries
    .map(({ name }) => name)
    .filter(name => (part.startsWith('.') || !name.startsWith('.')) && matchesGlob(part, name))
    .map(name => `${directory}/${name}`)
}
