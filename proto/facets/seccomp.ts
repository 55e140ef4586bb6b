// Facet `seccomp`: what the kernel can filter, and every profile in the kubelet’s seccomp directory, judged.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

export const SeccompProfileSchema = z.object({
  path: z.string().describe('path below the root, as a pod’s localhostProfile names it'),
  root: z.string().describe('seccomp directory it lies in'),
  state: z
    .enum(['valid', 'invalid', 'unreadable', 'notRegular', 'tooLarge', 'escapes'])
    .describe('invalid: the runtime would refuse it; escapes: a symbolic link out of the directory'),
  problem: z.string().describe('why it is not valid, with line where there is one; empty when valid'),
  defaultAction: z.string().describe('such as SCMP_ACT_ERRNO, empty when not valid'),
  restrictive: z.boolean().describe('calls that are not listed are refused (not allowed, logged or traced)'),
  architectures: sortedSet(z.string()).describe('SCMP_ARCH_… named'),
  flags: sortedSet(z.string()).describe('SECCOMP_FILTER_FLAG_… named'),
  allowed: z.int().describe('distinct system calls allowed'),
  refused: z.int().describe('distinct system calls refused by a rule'),
  logged: z.int().describe('distinct system calls only logged'),
  dangerousAllowed: sortedSet(z.string()).describe(
    'ptrace, mount, bpf, kexec_load, … that the profile lets through whatever their arguments; conditions on capabilities and architectures are passed over, as containerd does',
  ),
  unknownCalls: sortedSet(z.string()).describe('names that no system call of Linux has: runtimes pass over them'),
  sha256: z.string().describe('SHA-256 of the file in hex, empty when not read'),
})
export type SeccompProfile = z.infer<typeof SeccompProfileSchema>

export const SeccompFacet = defineFacet({
  name: 'seccomp',
  version: 1,
  title: 'Seccomp: kernel support, available actions, and the profiles offered to pods',
  facts: {
    supported: z
      .boolean()
      .optional()
      .describe('the kernel has seccomp filters (actions_avail exists, or the kernel configuration says so)'),
    actionsAvailable: sortedSet(z.string()).optional().describe('/proc/sys/kernel/seccomp/actions_avail'),
    actionsLogged: sortedSet(z.string()).optional().describe('/proc/sys/kernel/seccomp/actions_logged'),
    directories: keyed(
      z.object({
        path: z.string().describe('seccomp directory of a kubelet: --root-dir plus /seccomp'),
        state: z.enum(['present', 'absent', 'unreadable', 'notDirectory']).describe('what was found'),
        mode: z.string().describe('octal permission bits, empty when absent'),
        uid: z.int().describe('owner, -1 when absent'),
        gid: z.int().describe('group, -1 when absent'),
      }),
      ['path'],
    ).describe('directories that kubelets read profiles from'),
    profiles: keyed(SeccompProfileSchema, ['root', 'path']).describe('every file below those directories'),
  },
  observations: {
    processes: z
      .object({
        disabled: z.int().describe('Seccomp: 0'),
        strict: z.int().describe('Seccomp: 1'),
        filtered: z.int().describe('Seccomp: 2'),
      })
      .optional()
      .describe('processes by Seccomp mode of /proc/PID/status'),
  },
})
export type SeccompFacts = FactsOf<typeof SeccompFacet>
export type SeccompObservations = ObservationsOf<typeof SeccompFacet>
