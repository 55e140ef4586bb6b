// Answers commands, ports and hardware from recordings instead of from the running system.
import { absentFailure } from './failure.ts'
import type {
  CommandResult,
  CommandSpec,
  ConfigzAnswer,
  ConfigzQuestion,
  CriAnswer,
  CriQuestion,
  HttpAnswer,
  HttpProbe,
  Outcome,
  TlsAnswer,
  TlsProbe,
} from './host.ts'
import { configzUrl, probeUrl, tlsUrl } from './probe-urls.ts'
import { commandLine } from './run-command.ts'

/**
 * A recorded output. A program of which nothing was recorded is `absent`; one that was recorded only with other
 * arguments is `unavailable`, since nobody knows what it would have said.
 */
export function replayCommand(recorded: ReadonlyMap<string, CommandResult>, spec: CommandSpec): Outcome<CommandResult> {
  const path = commandLine(spec)
  const value = recorded.get(path)
  if (value) return { state: 'present', path, value }
  const known = [...recorded.keys()].some(line => line === spec.command || line.startsWith(`${spec.command} `))
  if (!known) return absentFailure(path, `${spec.command} is not installed`)
  return { state: 'unavailable', path, detail: 'not recorded with these arguments' }
}

/** A recorded answer; a port of which nothing was recorded is closed, as most are. */
export function replayHttp(recorded: ReadonlyMap<string, HttpAnswer>, probe: HttpProbe): Outcome<HttpAnswer> {
  const path = probeUrl(probe)
  return { state: 'present', path, value: recorded.get(path) ?? { state: 'closed', detail: 'ECONNREFUSED' } }
}

/** A recorded offer; a port of which nothing was recorded is closed. */
export function replayTls(recorded: ReadonlyMap<string, TlsAnswer>, probe: TlsProbe): Outcome<TlsAnswer> {
  const path = tlsUrl(probe)
  return { state: 'present', path, value: recorded.get(path) ?? { state: 'closed', detail: 'ECONNREFUSED' } }
}

/** A recorded answer; where nothing was recorded, there was no token. */
export function replayConfigz(
  recorded: ReadonlyMap<string, ConfigzAnswer>,
  question: ConfigzQuestion,
): Outcome<ConfigzAnswer> {
  const path = configzUrl(question)
  const value = recorded.get(path)
  return value ? { state: 'present', path, value } : absentFailure(path, 'no token for it was given')
}

/** A recorded answer; where nothing was recorded, nothing listens. */
export function replayCri(recorded: ReadonlyMap<string, CriAnswer>, question: CriQuestion): Outcome<CriAnswer> {
  const value = recorded.get(question.socket)
  if (!value) return absentFailure(question.socket, 'nothing listens')
  const lists = question.what === 'containers' ? {} : { sandboxes: [], containers: [] }
  return { state: 'present', path: question.socket, value: { ...value, ...lists } }
}
