// Facet `files`: who may really read and change the files that matter, how file systems are mounted, what a walk found.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

/** What a path of the sensitive set is for. */
export const pathRoles = [
  'account',
  'secret',
  'sudo',
  'cron',
  'ssh',
  'ssh-host-key',
  'boot-loader',
  'banner',
  'network-access',
  'unit',
  'program',
  'library',
  'shell-startup',
  'authentication',
  'kernel-setting',
  'package-source',
  'temporary',
  'home',
] as const
export type PathRole = (typeof pathRoles)[number]

export const SensitivePathSchema = z.object({
  path: z.string().describe('as programs know it'),
  role: z.enum(pathRoles).describe('what it is for'),
  kind: z.enum(['file', 'directory', 'other']).describe('what is there, symbolic links followed'),
  target: z.string().describe('where symbolic links lead, empty when none is on the way'),
  mode: z.string().describe('octal permission bits of the target such as 0644'),
  uid: z.int().describe('owner of the target'),
  gid: z.int().describe('group of the target'),
  user: z.string().optional().describe('name of the owner in /etc/passwd, empty when it has none'),
  group: z.string().optional().describe('name of the group in /etc/group, empty when it has none'),
  writers: sortedSet(z.string())
    .optional()
    .describe(
      '`everyone`, `user NAME`, `group NAME` other than root who can change it, or put another in its place in a directory on the way; ACLs are not read',
    ),
  readers: sortedSet(z.string())
    .optional()
    .describe(
      '`everyone`, `user NAME`, `group NAME` other than root who can read it, every directory on the way counted',
    ),
  writableThrough: z
    .string()
    .optional()
    .describe('the outermost path on the way that lets writers in, empty when there are none'),
})
export type SensitivePath = z.infer<typeof SensitivePathSchema>

export const MountRowSchema = z.object({
  path: z.string().describe('directory that benchmarks name'),
  mountPoint: z.string().describe('where the file system that holds it is mounted'),
  separate: z.boolean().describe('the directory is a file system of its own'),
  fsType: z.string().describe('type of that file system'),
  nodev: z.boolean().describe('device files mean nothing there'),
  nosuid: z.boolean().describe('set-uid, set-gid and capabilities mean nothing there'),
  noexec: z.boolean().describe('programs cannot be started from there'),
  readOnly: z.boolean().describe('mounted read-only'),
})
export type MountRow = z.infer<typeof MountRowSchema>

const owner = {
  path: z.string().describe('path of the file'),
  uid: z.int().describe('owner'),
  gid: z.int().describe('group'),
}
const packageField = z
  .string()
  .optional()
  .describe('package that the file belongs to, empty when none does; left out where the package database is not read')

export const FilesFacet = defineFacet({
  name: 'files',
  version: 1,
  title: 'Sensitive files and who can change them, mount options, set-uid programs and what else a walk finds',
  facts: {
    paths: keyed(SensitivePathSchema, ['path']).describe('the sensitive set: what of it is on this host'),
    mounts: keyed(MountRowSchema, ['path'])
      .optional()
      .describe('/proc/1/mountinfo: directories of their own by custom, those that are there'),
    walk: z
      .enum(['notWalked', 'partial', 'complete'])
      .describe('whether the file systems were walked: asked for by name, or by an agent that stays, once an hour'),
    fileSystems: sortedSet(z.string()).optional().describe('mount points of the file systems that were walked'),
    setIdFiles: keyed(
      z.object({ ...owner, mode: z.string().describe('octal permission bits such as 4755'), package: packageField }),
      ['path'],
    )
      .optional()
      .describe('regular files with the set-uid or set-gid bit'),
    capabilityFiles: keyed(
      z.object({
        ...owner,
        permitted: sortedSet(z.string()).describe('capabilities that a program of it gains, such as cap_net_raw'),
        inheritable: sortedSet(z.string()).describe('capabilities that it keeps for who has them inheritable'),
        effective: z.boolean().describe('they are in force at once'),
        rootUid: z.int().describe('root of the user namespace it holds in, 0 for all'),
        package: packageField,
      }),
      ['path'],
    )
      .optional()
      .describe('executable files with the attribute security.capability'),
    worldWritableFiles: sortedSet(z.string()).optional().describe('regular files that everyone may write'),
    worldWritableDirectories: sortedSet(z.string())
      .optional()
      .describe('directories that everyone may write, without the sticky bit'),
    unowned: keyed(
      z.object({ ...owner, missing: z.enum(['user', 'group', 'both']).describe('which of the two nobody has') }),
      ['path'],
    )
      .optional()
      .describe('files and directories of users or groups that do not exist; of a whole such tree only the top'),
  },
  observations: {
    walkedAt: z.string().describe('ISO 8601 time at which the walk began, empty when not walked'),
    walkMs: z.int().describe('duration of the walk in milliseconds, -1 when not walked'),
    entries: z.int().describe('files and directories that the walk passed, -1 when not walked'),
    directories: z.int().describe('directories among them, -1 when not walked'),
    reusedDirectories: z.int().describe('directories that had not changed since the walk before, -1 when not walked'),
  },
})
export type FilesFacts = FactsOf<typeof FilesFacet>
export type FilesObservations = ObservationsOf<typeof FilesFacet>
