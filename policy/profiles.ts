// Profiles as they are written: one may take over the checks of others. Here they become plain lists.
import type { Profile } from './check.ts'
import { didYouMean, PolicyError, type Problem } from './policy-error.ts'

/** A profile as its file has it. */
export interface ProfileSource extends Profile {
  /** profiles whose checks and parameters it takes over, in this order and before its own */
  readonly extends: readonly string[]
  /** checks that it leaves out of what it takes over */
  readonly without: readonly string[]
}

/**
 * Profiles in the order given, with what each takes over written out. Parameters of a profile go over those of the ones
 * that it extends, name by name. @throws PolicyError for unknown names and for profiles that extend themselves
 */
export function resolveProfiles(sources: readonly ProfileSource[]): readonly Profile[] {
  const known = new Map(sources.map(source => [source.id, source]))
  const done = new Map<string, Profile>()
  const problems: Problem[] = []
  const fail = (subject: string, part: string, message: string) =>
    problems.push({ subject: `profile ${subject}`, part, message })

  function resolve(source: ProfileSource, path: readonly string[]): Profile {
    const { extends: bases, without, ...own } = source
    const ready = done.get(source.id)
    if (ready) return ready
    const profiles = bases.flatMap(id => {
      const base = known.get(id)
      if (!base) fail(source.id, 'extends', `there is no profile "${id}"${didYouMean(id, known.keys())}`)
      else if ([...path, source.id].includes(id)) fail(source.id, 'extends', `"${id}" leads back to this profile`)
      else return [resolve(base, [...path, source.id])]
      return []
    })
    const taken = new Set(profiles.flatMap(profile => profile.checks))
    for (const id of without) {
      if (!taken.delete(id)) fail(source.id, 'without', `"${id}" is not among what the profile takes over`)
    }
    for (const id of own.checks) if (taken.has(id)) fail(source.id, 'checks', `"${id}" is taken over already`)
    const checks = [...taken, ...own.checks]
    const profile = { ...own, checks, parameters: parametersOf([...profiles, own], checks) }
    done.set(source.id, profile)
    return profile
  }

  const resolved = sources.map(source => resolve(source, []))
  for (const { id, versions = [] } of sources) {
    for (const { profile } of versions) {
      if (!known.has(profile))
        fail(id, 'versions', `there is no profile "${profile}"${didYouMean(profile, known.keys())}`)
    }
  }
  if (problems.length > 0) throw new PolicyError(problems)
  return resolved
}

/** Parameters of what a profile has left; those of a later profile go over those of an earlier one. */
function parametersOf(
  profiles: readonly Pick<Profile, 'parameters' | 'checks'>[],
  checks: readonly string[],
): Profile['parameters'] {
  const merged: Record<string, Profile['parameters'][string]> = {}
  for (const { parameters } of profiles) {
    for (const [check, values] of Object.entries(parameters)) merged[check] = { ...merged[check], ...values }
  }
  const own = profiles.at(-1)?.parameters ?? {}
  return Object.fromEntries(Object.entries(merged).filter(([id]) => checks.includes(id) || Object.hasOwn(own, id)))
}
