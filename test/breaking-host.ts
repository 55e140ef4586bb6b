// A host that notes every source that is asked for, and one of which some sources are broken.
import type { Failure, Host, Outcome } from '../agent/host/host.ts'

/** What a probe may ask a host for: a path, a command line, an address of the host, a socket. */
export type Source = string

/**
 * unreadable: neither content nor metadata can be had, as below a directory that lets nobody in; commands and sockets
 * give no answer. malformed: there is content, and no format allows it.
 */
export type Breakage = 'unreadable' | 'malformed'

const garbage = '\u0000]}>\udcff\udcfe = [[{"\n\u0001 not, what :: anybody <wrote\n\t}}} %%%\n'

/** @param sources gets every source that is asked for */
export function notingHost(host: Host, sources: Set<Source>): Host {
  return wrapHost(host, (source, ask) => {
    sources.add(source)
    return ask()
  })
}

/** @param isBroken tells which sources are */
export function breakingHost(host: Host, isBroken: (source: Source) => boolean, breakage: Breakage): Host {
  return wrapHost(host, (source, ask, malformed) => {
    if (!isBroken(source)) return ask()
    return breakage === 'unreadable' || malformed === undefined ? refusal(breakage, source, ask) : malformed(ask)
  })
}

/** Metadata has no format to break: it stays as it is. */
async function refusal<T>(breakage: Breakage, path: string, ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  return breakage === 'unreadable' ? { state: 'unreadable', path, detail: 'EACCES' } : await ask()
}

type Ask<T> = () => Promise<Outcome<T>>
type Wrap = <T>(source: Source, ask: Ask<T>, malformed?: (ask: Ask<T>) => Promise<Outcome<T>>) => Promise<Outcome<T>>

/** Another value in place of a present one; what is not there stays so. */
const replaced =
  <T>(value: (before: T) => T) =>
  async (ask: Ask<T>): Promise<Outcome<T>> => {
    const outcome = await ask()
    return outcome.state === 'present' ? { ...outcome, value: value(outcome.value) } : outcome
  }

function wrapHost(host: Host, wrap: Wrap): Host {
  const text = replaced(() => garbage)
  const bytes = replaced<Uint8Array>(() => new Uint8Array(Buffer.from(garbage)))
  const at = (address: string, port: number) => `${address.includes(':') ? `[${address}]` : address}:${port}`
  return {
    root: host.root,
    live: host.live,
    readText: (path, options) => wrap(path, () => host.readText(path, options), text),
    readBytes: (path, options) => wrap(path, () => host.readBytes(path, options), bytes),
    readParts: (path, use) => {
      const broken = { sizeBytes: garbage.length, read: () => new Uint8Array(Buffer.from(garbage)) }
      return wrap(
        path,
        () => host.readParts(path, use),
        async ask => {
          const outcome = await ask()
          return outcome.state === 'present' ? { ...outcome, value: await use(broken) } : outcome
        },
      )
    },
    readTexts: (paths, options) =>
      Promise.all(
        paths.map(path =>
          wrap(path, async () => (await host.readTexts([path], options))[0] ?? unavailable(path), text),
        ),
      ),
    stat: (path, options) => wrap(path, () => host.stat(path, options)),
    list: (path, options) => wrap(path, () => host.list(path, options)),
    readLink: path => wrap(path, () => host.readLink(path)),
    realPath: path => wrap(path, () => host.realPath(path)),
    run: spec => {
      const output = replaced<Awaited<ReturnType<Host['run']>> extends Outcome<infer T> ? T : never>(before => {
        return { ...before, stdout: garbage }
      })
      return wrap([spec.command, ...spec.args].join(' '), () => host.run(spec), output)
    },
    probeHttp: probe => wrap(`http://${at(probe.address, probe.port)}${probe.path}`, () => host.probeHttp(probe)),
    probeTls: probe => wrap(`tls://${at(probe.address, probe.port)}`, () => host.probeTls(probe)),
    askConfigz: question => wrap(`configz://${at(question.address, question.port)}`, () => host.askConfigz(question)),
    askCri: question => wrap(`cri:${question.socket}`, () => host.askCri(question)),
    hardware: () => wrap('hardware', () => host.hardware()),
    pids: () => wrap('pids', () => host.pids()),
  }
}

function unavailable(path: string): Failure {
  return { state: 'unavailable', path, detail: 'no answer' }
}
