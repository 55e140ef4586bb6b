// Finds programs that run unconfined although a loaded profile is meant for them.
import type { AppArmorFacts } from '../../proto/facets/apparmor.ts'
import { expandPattern, matchesPattern } from '../parse/apparmor-glob.ts'
import type { LoadedProfile } from '../parse/apparmor-profiles-list.ts'
import type { Gaps } from '../probe.ts'
import type { LabelledProcess } from './read-labels.ts'
import type { Policy } from './read-policy-files.ts'

type Row = NonNullable<AppArmorFacts['unconfinedWithProfile']>[number]

interface Attachment {
  readonly profile: string
  readonly patterns: readonly string[]
}

/**
 * One row per executable and profile whose pattern fits it best (the longest beginning without wildcards, as in the
 * kernel). Notes a gap for a pattern that cannot be told.
 */
export function unconfinedPrograms(
  labelled: readonly LabelledProcess[],
  loaded: readonly LoadedProfile[],
  policy: Policy,
  gaps: Gaps,
): Row[] {
  const attachments = attachmentsOf(loaded, policy, gaps)
  const executables = new Set(
    labelled
      .filter(({ process, label }) => label.mode === undefined && process.executable.startsWith('/'))
      .map(({ process }) => process.executable),
  )
  return [...executables].flatMap(executable => {
    const profile = bestFit(executable, attachments)
    return profile === undefined ? [] : [{ executable, profile }]
  })
}

/** Profiles in the kernel that confine something; those of mode unconfined are made to do nothing. */
function attachmentsOf(loaded: readonly LoadedProfile[], policy: Policy, gaps: Gaps): readonly Attachment[] {
  const modes = new Map(loaded.map(({ name, mode }) => [name, mode]))
  const attachments: Attachment[] = []
  for (const { path, profiles, variables } of policy.files) {
    const known = new Map([...policy.tunables, ...variables])
    for (const { name, attachment } of profiles) {
      const mode = modes.get(name)
      if (attachment === '' || mode === undefined || mode === 'unconfined') continue
      const patterns = expandPattern(attachment, known)
      if (patterns) attachments.push({ profile: name, patterns })
      else {
        const detail = 'the attachment of a profile cannot be told'
        gaps.add({
          field: 'unconfinedWithProfile',
          effect: 'incomplete',
          source: path,
          state: 'unavailable',
          detail,
        })
      }
    }
  }
  return attachments
}

function bestFit(executable: string, attachments: readonly Attachment[]): string | undefined {
  let best: { readonly profile: string; readonly literal: number } | undefined
  for (const { profile, patterns } of attachments) {
    for (const pattern of patterns) {
      const literal = literalLength(pattern)
      if (best && best.literal >= literal) continue
      if (executable.startsWith(pattern.slice(0, literal)) && matchesPattern(pattern, executable)) {
        best = { profile, literal }
      }
    }
  }
  return best?.profile
}

/** Characters before the first wildcard or escape. */
function literalLength(pattern: string): number {
  const wildcard = pattern.search(/[*?[\\]/)
  return wildcard < 0 ? pattern.length : wildcard
}
