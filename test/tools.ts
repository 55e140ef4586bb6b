// Programs that fuller tests need, and how a test finds out whether they are here.
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

export interface Tool {
  readonly tool: string
  /** Debian package that brings it */
  readonly need: string
  /** what is skipped without it */
  readonly skips: string
}

const tools: readonly Tool[] = [
  { tool: 'ss', need: 'iproute2', skips: 'comparison of the ports facet with ss on this machine' },
  { tool: 'modprobe', need: 'kmod', skips: 'comparison of module rules with modprobe --showconfig' },
  { tool: 'nft', need: 'nftables', skips: 'live nftables rule sets in a network namespace' },
  { tool: 'tc', need: 'iproute2', skips: 'a network that fails, between two namespaces' },
  { tool: 'iptables-save', need: 'iptables', skips: 'live iptables rule sets in a network namespace' },
  { tool: 'setcap', need: 'libcap2-bin', skips: 'comparison of file capabilities with getcap -r' },
  { tool: 'visudo', need: 'sudo', skips: 'sudoers trees that visudo accepts' },
  { tool: 'buildah', need: 'buildah', skips: 'building and running the images' },
  { tool: 'strace', need: 'strace', skips: 'what the agent’s image writes and starts' },
  { tool: 'promtool', need: 'prometheus', skips: 'alert rules under promtool' },
  { tool: 'debootstrap', need: 'debootstrap', skips: 'the base of the images' },
  { tool: 'rpmbuild', need: 'rpm', skips: 'the .rpm packages' },
  { tool: 'systemd-analyze', need: 'systemd', skips: 'the units of systemd' },
  { tool: 'man', need: 'man-db', skips: 'the manual pages of the packages' },
  { tool: 'zsh', need: 'zsh', skips: 'the completion script of zsh' },
  { tool: 'containerd', need: 'containerd', skips: 'real containers and the engine that runs them' },
  { tool: 'ctr', need: 'containerd', skips: 'real containers and the engine that runs them' },
  { tool: 'runc', need: 'runc', skips: 'real containers and the engine that runs them' },
  { tool: 'qemu-aarch64-static', need: 'qemu-user-static', skips: 'the packages for arm64' },
  { tool: 'qemu-system-x86_64', need: 'qemu-system-x86', skips: 'real machines: npm run test:vm' },
  { tool: 'pg_ctlcluster', need: 'postgresql', skips: 'an older PostgreSQL, and dumps by its own tools' },
  { tool: 'dockerd', need: 'docker.io', skips: 'the trial of Compose in Docker’s own engine' },
  { tool: 'docker-compose', need: 'docker-compose', skips: 'the trial of Compose in Docker’s own engine' },
  { tool: 'chromium', need: 'chromium', skips: 'the dashboard and the HTML report in a real browser' },
  { tool: 'xmllint', need: 'libxml2-utils', skips: 'the JUnit report against the schema of its readers' },
  { tool: 'shellcheck', need: 'shellcheck', skips: 'the script of a fix plan under shellcheck' },
  { tool: 'ansible-playbook', need: 'ansible-core', skips: 'the playbook of a fix plan under Ansible' },
]

/**
 * Absolute path of a program in the usual directories, undefined when it is not installed. With GABION_TOOLS=none no
 * program is: mutation tests repeat each test too often to start programs in it.
 */
export function findTool(name: string): string | undefined {
  if (process.env['GABION_TOOLS'] === 'none') return undefined
  return ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/bin']
    .map(directory => join(directory, name))
    .find(path => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

export const missingTools = (): readonly Tool[] => tools.filter(({ tool }) => findTool(tool) === undefined)

/**
 * Why a fuller test cannot run here, or false when it can: it wants GABION_FULL=1, since it takes minutes or installs
 * into directories of its own, and the programs it needs.
 */
export function skipFull(...names: readonly string[]): string | false {
  if (process.env['GABION_FULL'] !== '1') return 'runs with GABION_FULL=1 only'
  const missing = names.filter(name => findTool(name) === undefined)
  return missing.length > 0 ? `needs ${missing.join(', ')}` : false
}
