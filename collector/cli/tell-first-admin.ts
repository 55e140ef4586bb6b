// Whom the first administrator's token is told: a terminal, else a file of the collector's own user; never a log.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../runtime/clock.ts'
import { errnoOf, messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { writeFileDurably } from '../../runtime/write-file.ts'
import { parseApiToken } from '../auth/access/api-token.ts'
import type { CollectorConfig } from '../collector-config.ts'
import { makeFirstAdmin } from '../domain/first-admin.ts'
import { isLoopback } from '../listen-address.ts'
import type { Store } from '../store/store.ts'

export interface FirstAdminOptions {
  readonly store: Store
  readonly config: Pick<CollectorConfig, 'httpHost' | 'insecureLoopback' | 'kubernetes' | 'dataDir'>
  readonly clock: Clock
  readonly log: Log
  /** what writes to a terminal; undefined where the output is none, and may be kept as a log */
  readonly print: ((text: string) => void) | undefined
}

/** In the data directory, 0600; taken away once its token is no good any more. */
export const firstAdminFile = 'first-administrator.token'

const byHand = 'gabion-collector api-token create --role admin'

/** Whoever runs commands in the collector's place, or has rights in its cluster, needs no token to begin with. */
export async function tellFirstAdmin(options: FirstAdminOptions): Promise<void> {
  const { store, config, clock, log, print } = options
  if (config.insecureLoopback) return
  const file = join(config.dataDir, firstAdminFile)
  await removeSpent(file, store, clock, log)
  if (isLoopback(config.httpHost) || config.kubernetes.length > 0) {
    const { items } = await store.read.apiTokens({ limit: 1 })
    if (items.length > 0) return
    if (config.kubernetes.length === 0) log.warn(`nobody can use the API yet: ${byHand}`)
    else log.info(`no API token yet: ${byHand}, or a token of the cluster by the ClusterRole gabion-admin`)
    return
  }
  const text = 'API token of the first administrator, good for seven days, shown once:'
  try {
    if (print) await makeFirstAdmin(store, clock.now(), token => print(`${text}\n${token}\n`))
    else if (await makeFirstAdmin(store, clock.now(), token => writeFileDurably(file, `${token}\n`, 0o600)))
      log.warn('the API token of the first administrator, good for seven days, is in a file', { file })
  } catch (error) {
    log.error(`no API token was made for the first administrator: ${byHand}`, { reason: messageOf(error) })
  }
}

async function removeSpent(file: string, store: Store, clock: Clock, log: Log): Promise<void> {
  try {
    const { id } = parseApiToken(readFileSync(file, 'utf8').trim()) ?? {}
    const token = id === undefined ? undefined : await store.read.apiToken(id)
    if (token && token.revokedAtMs === 0 && token.expiresAtMs > clock.now()) return
    rmSync(file, { force: true })
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT')
      log.warn('the first administrator’s file stays', { file, reason: messageOf(error) })
  }
}
