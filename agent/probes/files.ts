// Probe `files`: who can really change what matters, how it is mounted, and when asked what a walk finds.
import { FilesFacet, type FilesObservations } from '../../proto/facets/files.ts'
import { readAccountNames } from '../files/account-names.ts'
import { readMountRows } from '../files/mount-rows.ts'
import { readPaths } from '../files/read-paths.ts'
import { walkFacts, withoutWalk } from '../files/walk-facts.ts'
import { lastWalk, type Walked, walkDurationMs } from '../files/walk-schedule.ts'
import { defineProbe, every, present, watch } from '../probe.ts'

export const files = defineProbe({
  facet: FilesFacet,
  triggers: [
    watch('/etc', '/etc/sudoers.d', '/etc/cron.d', '/etc/ssh', '/boot/grub', '/etc/systemd/system'),
    every(60_000),
  ],
  deadlineMs: walkDurationMs + 30_000,
  async run(host, context) {
    const { gaps } = context
    const names = await readAccountNames(host)
    const known = 'state' in names ? undefined : names
    if ('state' in names) {
      for (const field of namedFields) gaps.note(`paths.${field}`, 'omitted', names)
    }
    const paths = await readPaths(host, known, gaps)
    const mounts = await readMountRows(host, gaps)
    const last = await lastWalk(host.root, context)
    const walked = last && 'answer' in last ? last : undefined
    const walk = walked ? walkFacts(walked.answer, gaps) : withoutWalk(failureOf(last), gaps)
    return present({ paths: [...paths], ...(mounts && { mounts: [...mounts] }), ...walk }, observationsOf(walked))
  },
})

const namedFields = ['user', 'group', 'writers', 'readers', 'writableThrough'] as const

const failureOf = (last: Awaited<ReturnType<typeof lastWalk>>) => (last && 'state' in last ? last : undefined)

function observationsOf(walked: Walked | undefined): FilesObservations {
  if (!walked) return { walkedAt: '', walkMs: -1, entries: -1, directories: -1, reusedDirectories: -1 }
  const { answer, beganAtMs, durationMs } = walked
  const { entries, directories, reused } = answer
  const walkedAt = new Date(beganAtMs).toISOString()
  return { walkedAt, walkMs: durationMs, entries, directories, reusedDirectories: reused }
}
