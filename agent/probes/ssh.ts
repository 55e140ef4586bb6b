// Probe `ssh`: what the SSH server does according to its options, its files, its defaults and its own word.
import { SshFacet, type SshFacts } from '../../proto/facets/ssh.ts'
import type { Host } from '../host/host.ts'
import { octalMode } from '../octal-mode.ts'
import { parseSshdTestOutput } from '../parse/sshd-test-output.ts'
import { absent, defineProbe, type Gaps, present, unreadable, watch } from '../probe.ts'
import { defaultValues } from '../ssh/default-values.ts'
import { type EffectiveSettings, effectiveSettings } from '../ssh/effective-settings.ts'
import { readHostKeys } from '../ssh/host-keys.ts'
import { hasProgram, type InstalledServer, readBuild } from '../ssh/read-build.ts'
import { type Configuration, readConfiguration } from '../ssh/read-configuration.ts'
import { type CommandLine, readOptions } from '../ssh/read-options.ts'
import { matchFacts, noteObstacle, settingFacts } from '../ssh/setting-facts.ts'

/** openSUSE ships its file below /usr, where the one of the administrator hides it. */
const usualFiles = ['/etc/ssh/sshd_config', '/usr/etc/ssh/sshd_config']
const notInstalled = absent('notInstalled', 'no SSH server with a configuration is installed')
const newestWithTwoKeywords = 806

export const ssh = defineProbe({
  facet: SshFacet,
  triggers: [watch('/etc/ssh', '/etc/ssh/sshd_config.d', '/etc/default/ssh', '/etc/sysconfig/sshd')],
  async run(host, context) {
    const { gaps } = context
    if (!(await findConfiguration(host, undefined)) && !(await hasProgram(host))) return notInstalled
    const server = await readBuild(host, context.memory)
    const commandLine = server && (await readOptions(host))
    const path = await findConfiguration(host, commandLine)
    if (!server || path === undefined) return notInstalled
    const main = await host.readText(path)
    if (main.state !== 'present') return unreadable(main.state, `${path}: ${main.detail}`)
    const configuration = await readConfiguration(host, path)
    const effective = await resolve(host, server, commandLine, path, configuration)
    if (server.version === undefined) noteObstacle(gaps, 'version', server.obstacle)
    for (const { failure } of configuration.failures) {
      gaps.note('matches', 'incomplete', failure)
      gaps.note('files', 'incomplete', failure)
    }
    const hostKeys = await hostKeyFacts(host, gaps, effective, commandLine)
    return present(
      {
        ...(server.version !== undefined && { version: server.version }),
        configurationFile: path,
        unit: commandLine?.unit ?? '',
        ...settingsOrGap(effective, gaps, commandLine),
        matches: matchFacts(configuration),
        rejectedLines: uniqueLines(configuration.rejected),
        files: configuration.files.map(({ path, stat }) => {
          return { path, mode: octalMode(stat.mode), uid: stat.uid, gid: stat.gid }
        }),
        ...(hostKeys && { hostKeys }),
      },
      {},
    )
  },
})

async function findConfiguration(host: Host, commandLine: CommandLine | undefined): Promise<string | undefined> {
  const named = commandLine?.configurationFile ?? ''
  for (const path of named.startsWith('/') ? [named] : usualFiles) {
    const stat = await host.stat(path)
    if (stat.state !== 'absent') return path
  }
  return undefined
}

async function resolve(
  host: Host,
  server: InstalledServer,
  commandLine: CommandLine | undefined,
  path: string,
  configuration: Configuration,
): Promise<EffectiveSettings> {
  const { build, version } = server
  return effectiveSettings({
    configuration,
    options: commandLine?.options ?? [],
    defaults: defaultValues(build),
    defaultOrigin: version === undefined ? 'default' : `default of ${version}`,
    defaultObstacle: server.distributionObstacle ?? server.obstacle,
    program: await askProgram(host, path),
    isChallengeResponseApart: build.version !== undefined && build.version <= newestWithTwoKeywords,
  })
}

/**
 * The program reads the files of the agent's own root, so it is asked only where that is the host's. It fails without
 * host keys, with lines that it refuses, and with some criteria of Match blocks; then the files must do.
 */
async function askProgram(host: Host, path: string): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  if (!host.live || host.root !== '/') return undefined
  const args = usualFiles.includes(path) ? ['-T'] : ['-T', '-f', path]
  const answer = await host.run({ command: 'sshd', args, maxOutputBytes: 256 * 1024 })
  if (answer.state !== 'present' || answer.value.exitCode !== 0) return undefined
  return parseSshdTestOutput(answer.value.stdout)
}

function settingsOrGap(
  effective: EffectiveSettings,
  gaps: Gaps,
  commandLine: CommandLine | undefined,
): Pick<SshFacts, 'settings'> {
  if (!commandLine?.obstacle) return { settings: settingFacts(effective, gaps) }
  noteObstacle(gaps, 'settings', commandLine.obstacle)
  return {}
}

async function hostKeyFacts(
  host: Host,
  gaps: Gaps,
  { settings, obstacles }: EffectiveSettings,
  commandLine: CommandLine | undefined,
): Promise<SshFacts['hostKeys']> {
  const paths = settings.get('hostkey')
  if (paths && !commandLine?.obstacle) return await readHostKeys(host, gaps, paths.values)
  noteObstacle(gaps, 'hostKeys', commandLine?.obstacle ?? obstacles.get('hostkey'))
  return undefined
}

function uniqueLines(lines: Configuration['rejected']): SshFacts['rejectedLines'] {
  return [...new Map(lines.map(row => [`${row.path}\n${row.line}`, row])).values()]
}
