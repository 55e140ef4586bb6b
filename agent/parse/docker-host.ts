// Reads where dockerd listens: a value of -H, or of `hosts` in daemon.json.
import { addressBytes, addressScope } from './ip-address.ts'

export interface DockerHost {
  /** normal form: defaults filled in, without a path behind host and port */
  readonly host: string
  readonly transport: 'tcp' | 'unix' | 'fd' | 'other'
  /** -1 for other than TCP */
  readonly port: number
  readonly scope: 'loopback' | 'link' | 'any' | 'specific' | 'local'
}

const defaultSocket = '/var/run/docker.sock'
const portWithoutTls = 2375
const portWithTls = 2376

/**
 * An empty value means the Unix socket, or localhost with TLS. A TCP host without a name is localhost, one without a
 * port gets 2376 with TLS and 2375 without. What has no scheme is TCP.
 */
export function parseDockerHost(text: string, tls: boolean): DockerHost {
  const value = text.trim()
  if (value === '') return tls ? tcp('', tls) : socket(defaultSocket)
  const scheme = /^([a-z]+):\/\//.exec(value)?.[1]
  const rest = scheme === undefined ? value : value.slice(scheme.length + 3)
  if (scheme === 'unix') return socket(rest === '' ? defaultSocket : rest)
  if (scheme === 'fd') return { host: `fd://${rest}`, transport: 'fd', port: -1, scope: 'local' }
  if (scheme === undefined || scheme === 'tcp') return tcp(rest, tls)
  return { host: `${scheme}://`, transport: 'other', port: -1, scope: 'local' }
}

function socket(path: string): DockerHost {
  return { host: `unix://${path}`, transport: 'unix', port: -1, scope: 'local' }
}

function tcp(text: string, tls: boolean): DockerHost {
  const authority = text.replace(/[/?#].*$/s, '').replace(/^.*@/s, '')
  const [, bracketed, plain = '', digits] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{0,5}))?$/.exec(authority) ?? []
  const name = (bracketed ?? plain).toLowerCase() || 'localhost'
  const port = digits ? Number(digits) : tls ? portWithTls : portWithoutTls
  const written = bracketed === undefined ? name : `[${name}]`
  return { host: `tcp://${written}:${port}`, transport: 'tcp', port, scope: scopeOf(name) }
}

function scopeOf(name: string): DockerHost['scope'] {
  if (name === 'localhost' || name === '::1') return 'loopback'
  if (/^[0:]+$/.test(name) && name.includes(':')) return 'any'
  if (/^fe[89ab][0-9a-f]:/.test(name)) return 'link'
  const bytes = addressBytes(name.replace(/^::ffff:/, ''))
  return bytes === undefined ? 'specific' : addressScope(bytes)
}
