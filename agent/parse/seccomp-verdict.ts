// Tells what a seccomp profile comes to: how many calls it lets through, and which of the dangerous ones.
import { linuxSyscalls } from './linux-syscalls.ts'
import type { SeccompContent } from './seccomp-profile.ts'
import { type ActionKind, actionKind, type SeccompRule } from './seccomp-vocabulary.ts'

export interface SeccompVerdict {
  /** calls that no rule names are refused */
  readonly restrictive: boolean
  readonly allowed: number
  readonly refused: number
  readonly logged: number
  /** sorted */
  readonly dangerousAllowed: readonly string[]
  /** names that no call of Linux has, sorted, at most 100 */
  readonly unknownCalls: readonly string[]
}

/** Calls that reach beyond the process: into the kernel, other processes, the file system's shape, the machine. */
export const dangerousCalls: readonly string[] = [
  ...['bpf', 'perf_event_open', 'userfaultfd', 'io_uring_setup', 'iopl', 'ioperm'],
  ...['create_module', 'delete_module', 'finit_module', 'init_module', 'kexec_file_load', 'kexec_load', 'reboot'],
  ...['kcmp', 'pidfd_getfd', 'process_madvise', 'process_vm_readv', 'process_vm_writev', 'ptrace'],
  ...['fsconfig', 'fsmount', 'fsopen', 'fspick', 'mount', 'mount_setattr', 'move_mount', 'open_tree', 'pivot_root'],
  ...['swapoff', 'swapon', 'umount', 'umount2', 'open_by_handle_at', 'quotactl', 'acct'],
  ...['setns', 'unshare', 'add_key', 'keyctl', 'request_key', 'settimeofday', 'clock_settime', 'syslog'],
]

const maxUnknown = 100

/**
 * libseccomp lets the first rule without arguments decide about a call, before and after any with arguments; a rule
 * whose action is the default one is left out. Rules for some capabilities or architectures count like all others:
 * containerd passes over those conditions, and who relies on them is not protected everywhere.
 */
export function judgeSeccompProfile({ defaultAction, rules }: SeccompContent): SeccompVerdict {
  const decisive = new Map<string, SeccompRule>()
  for (const rule of rules) {
    for (const name of rule.names) {
      const found = decisive.get(name)
      if (!found || rank(rule, defaultAction) > rank(found, defaultAction)) decisive.set(name, rule)
    }
  }
  const kinds = [...decisive.values()].map(({ kind }) => kind)
  const count = (kind: ActionKind) => kinds.filter(found => found === kind).length
  return {
    restrictive: actionKind(defaultAction) === 'refuse',
    allowed: count('allow'),
    refused: count('refuse'),
    logged: count('log'),
    dangerousAllowed: dangerousCalls.filter(call => passes(decisive.get(call), defaultAction)).sort(),
    unknownCalls: [...decisive.keys()]
      .filter(name => !linuxSyscalls.has(name))
      .sort()
      .slice(0, maxUnknown),
  }
}

/** 2 decides for all arguments, 1 for some, 0 changes nothing; the first of equals stays. */
function rank({ action, hasArguments }: SeccompRule, defaultAction: string): 0 | 1 | 2 {
  if (action === defaultAction) return 0
  return hasArguments ? 1 : 2
}

/** Whether the call goes through whatever its arguments are. */
function passes(rule: SeccompRule | undefined, defaultAction: string): boolean {
  if (rule && rank(rule, defaultAction) === 1) return false
  const kind = actionKind(rule?.action ?? defaultAction)
  return kind === 'allow' || kind === 'log'
}
