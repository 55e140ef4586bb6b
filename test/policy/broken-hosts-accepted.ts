// Verdicts that change when a source is broken and are right all the same, each with its reason.

interface Accepted {
  /** over `host check: before becomes after with source breakage` */
  readonly pattern: RegExp
  readonly reason: string
}

export const accepted: readonly Accepted[] = [
  {
    pattern: / with (\/proc\/\d+\/(stat|comm|cgroup)|http:\/\/\S+) unreadable$/,
    reason:
      'everybody may read these files of every process, and a port has no such answer; hidden processes are told by those who count',
  },
  {
    pattern: /^falco falco-[a-z-]+: pass becomes (not_applicable|fail) with pids unreadable$/,
    reason: 'where no process can be seen Falco is not seen to run; that it is to run is told by its unit',
  },
  {
    pattern: /: not_applicable becomes pass with \/(etc|usr|lib|run|var|home|opt)\//,
    reason: 'a component that may be there is not said to be absent; what the check reads was read',
  },
  {
    pattern:
      / selinux-[a-z-]+: not_applicable becomes (pass|fail) with \/(etc\/selinux\/config|sys\/fs\/selinux\/enforce) /,
    reason: 'SELinux may be there; its other files tell that nothing is configured, or the other module suffices',
  },
  {
    pattern: / root-has-no-ssh-keys: fail becomes pass with \/root\/.ssh\/authorized_keys malformed$/,
    reason: 'sshd passes over lines that are no keys: such a file lets nobody in',
  },
  {
    pattern: / ufw-rules-have-listeners: fail becomes pass with \/etc\/ufw\/user6?\.rules malformed$/,
    reason: 'ufw itself knows its rules by its marks alone; other lines are those of iptables',
  },
  {
    pattern: / ssh-[a-z0-9-]+: fail becomes pass with \/etc\/ssh\/sshd_config[^ ]* malformed$/,
    reason: 'sshd does not start with such lines, which is a failure of ssh-configuration-accepted',
  },
  {
    pattern:
      / (kernel-locked-down|mandatory-access-control-active|selinux-not-permissive-at-boot): error becomes [a-z_]+ with \/sys\/kernel\/security\//,
    reason: 'on a recording without securityfs, a file there that is unreadable says that it is mounted after all',
  },
  {
    pattern:
      /^(rhel9|falco) (package-lists-fresh|reboot-not-pending): [a-z_ ]+ with \/\S+\/(dpkg|apk|rpm)\/\S+ unreadable$/,
    reason: 'a host has one package database; a second one that is there says that it is a host of that kind',
  },
  {
    pattern: / package-lists-fresh: pass becomes fail with \/var\/cache\/dnf\//,
    reason: 'no other trace of a refresh is left, so that none is known: it fails on the safe side',
  },
]

/** Automatic checks that no broken source makes an error here, with the reason. */
export const neverBroken: Readonly<Record<string, string>> = {
  'apparmor-files-as-expected': 'applies only where a parameter names digests',
  'seccomp-profiles-as-expected': 'applies only where a parameter names digests',
  'sandboxed-runtime-available': 'applies only where a parameter asks for it',
  'secure-redirects-not-accepted': 'recorded hosts fail by either of two values; one that is unknown leaves the other',
  'file-capabilities-not-root-equivalent': 'the walk is asked for by name and runs in a program of its own',
  'no-unowned-files': 'the walk is asked for by name and runs in a program of its own',
  'no-world-writable-files': 'the walk is asked for by name and runs in a program of its own',
  'set-id-files-of-packages': 'the walk is asked for by name and runs in a program of its own',
  'world-writable-directories-sticky': 'the walk is asked for by name and runs in a program of its own',
}
