// A collector as a process that tells receivers, and a host whose facet turns.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Facet } from '../../../proto/facet.ts'
import { facets } from '../../../proto/facets.generated.ts'
import { sealAbsent, sealFailed } from '../../../proto/seal.ts'
import { connectRawAgent } from '../raw-agent.ts'
import { secretFile, signingSecret } from './receiver-config.ts'

const launcher = join(import.meta.dirname, '../../../collector/bin/gabion-collector.js')

export interface Serving {
  readonly child: ChildProcess
  readonly httpAddress: string
  readonly grpcAddress: string
  log(): string
  /** resolves when the log has that text */
  logged(text: string): Promise<void>
}

/** @param more options of the command line */
export async function serve(t: Test, config: string, data: string, more: readonly string[] = []): Promise<Serving> {
  const args = ['serve', '--insecure-loopback', '--config', config, '--data-dir', data, '--no-policy']
  const anyPorts = ['--http-address', '127.0.0.1:0', '--grpc-address', '127.0.0.1:0', '--log-level', 'debug']
  const child = spawn(process.execPath, [launcher, ...args, ...anyPorts, ...more], {
    ...{ env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'ignore', 'pipe'] },
  })
  t.teardown(() => child.kill('SIGKILL'))
  let log = ''
  const waiting = new Set<() => void>()
  child.stderr?.setEncoding('utf8').on('data', chunk => {
    log += chunk
    for (const ask of [...waiting]) ask()
  })
  const logged = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const ask = () => {
        if (!log.includes(text)) return
        waiting.delete(ask)
        resolve()
      }
      waiting.add(ask)
      child.once('exit', () => reject(new Error(log)))
      ask()
    })
  await logged('"msg":"serving"')
  const line = log.split('\n').find(each => each.includes('"msg":"serving"')) ?? ''
  const served = JSON.parse(line) as Pick<Serving, 'httpAddress' | 'grpcAddress'>
  await known(served.httpAddress)
  return { child, ...served, logged, log: () => log }
}

/** Resolves when the receiver has its place in the drift: it is told of what comes after that. */
async function known(address: string): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`http://${address}/metrics`)).text()
    if (metrics.includes('gabion_notify_queue{receiver="ops"}')) return
  }
}

export interface Setup {
  readonly config: string
  readonly data: string
  readonly secrets: readonly string[]
  write(receivers: readonly object[]): void
  webhook(url: string): object
}

export function setUp(t: Test): Setup {
  const directory = t.testdir({})
  const config = join(directory, 'collector.yaml')
  mkdirSync(join(directory, 'data'), { mode: 0o700 })
  const token = 'hidden-in-the-url'
  const filter = { kinds: ['facet'] }
  return {
    ...{ config, data: join(directory, 'data') },
    secrets: [signingSecret, signingSecret.slice('whsec_'.length), token],
    write: receivers => writeFileSync(config, JSON.stringify({ notify: receivers })),
    webhook: url => ({
      ...{ name: 'ops', kind: 'webhook', filter, groupWait: '0s', groupInterval: '1s', allowAddresses: ['127.0.0.1'] },
      urlFile: secretFile(directory, 'url', `${url}/${token}`),
      secretFile: secretFile(directory, 'secret', signingSecret),
    }),
  }
}

export const facet = firstFacet()
const states = [
  sealAbsent(facet, 'notInstalled', ''),
  sealFailed(facet, 'unreadable', 'permission_denied', ''),
  sealFailed(facet, 'error', 'timeout', ''),
]

/** A host whose facet turns. @returns what makes it turn once more */
export async function host(t: Test, address: string) {
  const agent = connectRawAgent(t, address)
  await agent.hello({ hostname: 'web-1' })
  let sequence = 0
  return async () => {
    const state = states[sequence % states.length]
    if (state) await agent.deliver(++sequence, state)
  }
}

function firstFacet(): Facet {
  const [first] = facets
  if (!first) throw new Error('no facets')
  return first
}
