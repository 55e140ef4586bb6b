// Opens a Host on a root directory: the one way by which probes look at a machine.
import { statSync } from 'node:fs'
import { errnoOf, GabionError } from '../../runtime/errors.ts'
import { offlineRoot } from './failure.ts'
import { readHardware } from './hardware.ts'
import type {
  CommandResult,
  CommandSpec,
  ConfigzAnswer,
  ConfigzQuestion,
  CriAnswer,
  Hardware,
  Host,
  HttpAnswer,
  HttpProbe,
  Outcome,
  TlsAnswer,
  TlsProbe,
} from './host.ts'
import { openHostFiles, openRootedFiles, type RootOptions, turn } from './host-files.ts'
import { isLiveRoot, sharesNetwork } from './live-root.ts'
import { configzUrl, probeUrl, tlsUrl } from './probe-urls.ts'
import { replayCommand, replayConfigz, replayCri, replayHttp, replayTls } from './replay.ts'
import { listPids } from './rooted-files.ts'
import { commandLine, runCommand } from './run-command.ts'

export interface HostOptions extends RootOptions {
  /** forces what would be detected; for tests */
  readonly live?: boolean
  /** recorded outputs by argument vector joined by spaces; nothing runs then */
  readonly commands?: ReadonlyMap<string, CommandResult>
  /** recorded answers by URL, such as `https://127.0.0.1:10250/pods`; nothing is asked then */
  readonly http?: ReadonlyMap<string, HttpAnswer>
  /** recorded offers by URL, such as `tls://127.0.0.1:10250`; nothing is asked when `http` is recorded */
  readonly tls?: ReadonlyMap<string, TlsAnswer>
  /** recorded answers by URL, such as `https://127.0.0.1:10250/configz`; as if there were a token for it */
  readonly configz?: ReadonlyMap<string, ConfigzAnswer>
  /** file of the agent, not of the host, with a token that may read `nodes/configz` */
  readonly kubeletTokenFile?: string | undefined
  /** recorded answers by socket path; nothing is asked then */
  readonly cri?: ReadonlyMap<string, CriAnswer>
  readonly hardware?: Hardware
}

/** @throws GabionError `usage` when the root is not a directory that can be looked into, or our own /proc is missing */
export async function openHost(options: HostOptions): Promise<Host> {
  refuseRoot(options.root)
  const live = options.live ?? isLiveRoot(options.root)
  const files = openRootedFiles(options)
  return {
    root: options.root,
    live,
    ...openHostFiles(files),
    pids: () => turn(() => (live ? listPids(files) : offlineRoot('/proc'))),
    ...runningSystem(options, live),
    askCri: async question => {
      if (!live) return offlineRoot(question.socket)
      if (options.cri) return replayCri(options.cri, question)
      const { askCri } = await import('./cri.ts')
      return await askCri(files, question)
    },
  }
}

function refuseRoot(root: string): void {
  try {
    if (statSync(root).isDirectory()) return
  } catch (error) {
    throw new GabionError('usage', `root ${root} cannot be opened: ${errnoOf(error)}`, { cause: error })
  }
  throw new GabionError('usage', `root ${root} is not a directory`)
}

/** The questions that only a running system answers. */
function runningSystem(
  options: HostOptions,
  live: boolean,
): Pick<Host, 'run' | 'probeHttp' | 'probeTls' | 'askConfigz' | 'hardware'> {
  const { commands, http, hardware } = options
  const tls = options.tls ?? (http && new Map())
  const configz = options.configz ?? (http && new Map())
  return {
    run: async spec => {
      if (!live) return offlineRoot(commandLine(spec))
      return commands ? replayCommand(commands, spec) : await runHere(options.root, spec)
    },
    probeHttp: async probe => {
      if (!live) return offlineRoot(probeUrl(probe))
      return http ? replayHttp(http, probe) : await askPort(options.root, probe)
    },
    probeTls: async probe => {
      if (!live) return offlineRoot(tlsUrl(probe))
      return tls ? replayTls(tls, probe) : await askTls(options.root, probe)
    },
    askConfigz: async question => {
      if (!live) return offlineRoot(configzUrl(question))
      return configz ? replayConfigz(configz, question) : await askKubelet(options, question)
    },
    hardware: async () => {
      if (!live) return offlineRoot('systeminformation')
      return hardware ? { state: 'present', path: 'systeminformation', value: hardware } : await readHardware()
    },
  }
}

const otherNetwork = 'the agent is not in the network namespace of the host'
/** Programs that tell of the network namespace they run in. */
const networkPrograms = /^(?:nft|ip6?tables(?:-nft|-legacy)?(?:-save)?|ss|ip|conntrack|ipset|ufw)$/

async function runHere(root: string, spec: CommandSpec): Promise<Outcome<CommandResult>> {
  if (!networkPrograms.test(spec.command) || sharesNetwork(root)) return await runCommand(spec)
  return { state: 'unavailable', path: commandLine(spec), detail: otherNetwork }
}

async function askPort(root: string, probe: HttpProbe): Promise<Outcome<HttpAnswer>> {
  if (!sharesNetwork(root)) return { state: 'unavailable', path: probeUrl(probe), detail: otherNetwork }
  const { probeHttpPort } = await import('./http-probe.ts')
  return await probeHttpPort(probe)
}

async function askTls(root: string, probe: TlsProbe): Promise<Outcome<TlsAnswer>> {
  if (!sharesNetwork(root)) return { state: 'unavailable', path: tlsUrl(probe), detail: otherNetwork }
  const { probeTlsPort } = await import('./tls-probe.ts')
  return await probeTlsPort(probe)
}

async function askKubelet(
  { root, kubeletTokenFile }: HostOptions,
  question: ConfigzQuestion,
): Promise<Outcome<ConfigzAnswer>> {
  if (kubeletTokenFile !== undefined && !sharesNetwork(root)) {
    return { state: 'unavailable', path: configzUrl(question), detail: otherNetwork }
  }
  const { askConfigz } = await import('./kubelet-configz.ts')
  return await askConfigz(kubeletTokenFile, question)
}
