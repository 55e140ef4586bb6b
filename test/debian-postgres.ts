// A server of the PostgreSQL that Debian packages: an older version than the one of the other tests, with its own tools.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'

export interface DebianServer {
  /** e.g. `15` */
  readonly version: string
  /** where psql, pg_dump and pg_restore are */
  readonly bin: string
  /** of a new, empty database */
  database(): Promise<string>
}

const [bin] = globSync('/usr/lib/postgresql/*/bin').sort().reverse()

/** Why there is none here, undefined when there is. */
export const whyNoDebianPostgres = (): string | undefined => (bin === undefined ? 'needs postgresql' : undefined)

/** Must be called by root: the server runs as the user of the package. */
export async function startDebianPostgres(t: Pick<Test, 'teardown'>): Promise<DebianServer> {
  if (bin === undefined) throw new Error('PostgreSQL of Debian is not installed')
  const number = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  const who = { uid: number('-u'), gid: number('-g') }
  const root = mkdtempSync(join(tmpdir(), 'gabion-postgres-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  const [data, password] = [join(root, 'data'), join(root, 'password')]
  writeFileSync(password, 'secret\n')
  for (const path of [root, password]) chownSync(path, who.uid, who.gid)
  chmodSync(root, 0o700)
  const made = ['--auth', 'scram-sha-256', '--username', 'gabion', '--pwfile', password, '--no-sync']
  const as = { ...who, cwd: root, env: { PATH: bin, LC_ALL: 'C' }, stdio: 'ignore' } as const
  execFileSync(join(bin, 'initdb'), ['--pgdata', data, '--encoding', 'UTF8', '--locale', 'C', ...made], as)
  const port = String(await freePort())
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=']
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap(setting => ['-c', setting])], as)
  t.teardown(async () => {
    if (server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGINT')
    await ended
  })
  const url = (name: string) => `postgres://gabion:secret@127.0.0.1:${port}/${name}`
  const isReady = ['--host', '127.0.0.1', '--port', port, '--timeout', '60', '--quiet']
  for (let tries = 0; ; tries++) {
    try {
      execFileSync(join(bin, 'pg_isready'), isReady)
      break
    } catch (error) {
      if (tries === 600 || server.exitCode !== null) throw error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
  let databases = 0
  return {
    version: /\d+/.exec(bin)?.[0] ?? '',
    bin,
    async database() {
      const name = `test_${++databases}`
      execFileSync(join(bin, 'psql'), [
        '--quiet',
        '--no-psqlrc',
        '--command',
        `create database ${name}`,
        url('postgres'),
      ])
      return url(name)
    },
  }
}
