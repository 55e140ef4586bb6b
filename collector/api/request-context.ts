// What a route answers a request from: never the store itself, but what who asks may see and change.
import type { Catalog } from '../../policy/check.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import type { Principal } from '../auth/access/principal.ts'
import { beginSession, endSession } from '../auth/access/sessions.ts'
import { NotIdentified } from '../auth/identity.ts'
import { type Changes, createChanges } from '../domain/audited-changes.ts'
import { OutOfScope, type ScopedReader, scopeReader } from '../domain/scoped-reader.ts'
import type { SyncState } from '../ingest/backlog.ts'
import type { Metrics } from '../metrics.ts'
import type { FleetQueries } from '../query/fleet-queries.ts'
import type { AuditOutcome, Scope } from '../store/access-records.ts'
import type { AgentReport } from '../store/agent-health.ts'
import type { ApiOptions } from './api-options.ts'
import type { OpenApiDocument } from './openapi-document.ts'

export interface RequestContext {
  readonly principal: Principal
  /** answers about the hosts that who asks may see, and no others */
  readonly read: ScopedReader
  readonly changes: Changes
  readonly agents: Agents
  readonly sessions: Sessions
  readonly reply: Reply
  /** aborts when nobody waits for the answer any more, or the one who asked may not see it any more */
  readonly signal: AbortSignal
  readonly requestId: string
  /** value of the header Last-Event-ID, empty when there is none */
  readonly lastEventId: string
  /** whether who asked would be let in again now, with the same rights */
  readonly isStillGood: () => Promise<boolean>
  readonly catalog: Catalog
  readonly queries: Pick<FleetQueries, 'ask' | 'outliers'>
  /** about the whole fleet, whoever asks */
  readonly receivers: Receivers
  /** of hosts that may be seen */
  readonly describeDeviations: ApiOptions['describeDeviations']
  /** puts waivers in force that were written, here and at other collectors */
  readonly enforceWaivers: () => Promise<void>
  readonly metrics: Metrics
  readonly clock: Clock
  readonly log: Log
  readonly readiness: ApiOptions['readiness']
  readonly onCommit: ApiOptions['onCommit']
  readonly enrollment: ApiOptions['enrollment']
  /** the OpenAPI document of the routes that are served */
  readonly document: () => { readonly text: string; readonly value: OpenApiDocument }
  readonly demo: boolean
}

/** Hosts that are connected now. */
export interface Agents {
  /** @returns whether the host is connected */
  rescan(id: string, facets: readonly string[]): Promise<boolean>
  /** how far the collector is behind a host, undefined when it is not connected */
  syncOf(id: string): SyncState | undefined
  /** what its agent told and is not in the store yet; only for a host that may be seen */
  reportOf(id: string): AgentReport | undefined
  /** ends its stream, if there is one */
  end(id: string): Promise<void>
}

export interface Sessions {
  /** @throws NotIdentified */
  begin(token: string): Promise<{ readonly expiresAtMs: number }>
  end(): Promise<void>
}

export type Receivers = ApiOptions['notify']

/** @throws OutOfScope from both, when there is a scope */
function receiversFor({ notify }: ApiOptions, scope: Scope): Receivers {
  if (Object.keys(scope).length === 0) return notify
  const refuse = async () => {
    throw new OutOfScope()
  }
  return { statuses: refuse, test: refuse }
}

/** What goes with the answer. */
export interface Reply {
  /** instead of what every answer has under that name */
  header(name: string, value: string): void
}

export interface Asked {
  readonly principal: Principal
  readonly address: string
  readonly requestId: string
  /** resource and verb, for the audit log */
  readonly action: string
  /** value of the session cookie, empty when there is none */
  readonly session: string
  readonly document: RequestContext['document']
  readonly lastEventId: string
  readonly isStillGood: () => Promise<boolean>
  readonly reply: Reply
  readonly signal: AbortSignal
}

export function requestContext(options: ApiOptions, asked: Asked): RequestContext {
  const { store, connections, fleet, clock } = options
  const { principal, reply, requestId, signal } = asked
  const read = scopeReader(store.read, principal.scope, {
    connected: fleet.hosts,
    catchingUp: () => connections.catchingUp(clock.now()),
  })
  const occasion = { actor: principal.name, address: asked.address, requestId, action: asked.action }
  return {
    ...{ principal, read, reply, requestId, signal, lastEventId: asked.lastEventId, isStillGood: asked.isStillGood },
    changes: createChanges({ store, scope: principal.scope, occasion, now: clock.now }),
    agents: {
      async rescan(id, facets) {
        const host = await read.hostNumber(id)
        return host !== undefined && fleet.rescan(host, requestId, facets)
      },
      syncOf: id => connections.syncOf(id, clock.now()),
      reportOf: id => options.agents.pending(id),
      async end(id) {
        const host = await read.hostNumber(id)
        if (host !== undefined) connections.streamOf(host)?.end('revoked')
        await store.signals.tell({ kind: 'standing' })
      },
    },
    sessions: sessionsOf(options, asked),
    queries: options.queries,
    describeDeviations: options.describeDeviations,
    receivers: receiversFor(options, principal.scope),
    async enforceWaivers() {
      await options.reloadWaivers()
      await store.signals.tell({ kind: 'policy' })
    },
    ...{ catalog: options.catalog(), metrics: options.metrics, clock, log: options.log, demo: options.demo },
    ...{
      enrollment: options.enrollment,
      document: asked.document,
      readiness: options.readiness,
      onCommit: options.onCommit,
    },
  }
}

/** With TLS the cookie is bound to this very host name and never sent without TLS. */
export const sessionCookieName = (isSecure: boolean): string => (isSecure ? '__Host-gabion-session' : 'gabion-session')

function sessionsOf({ store, clock, reach }: ApiOptions, { reply, session, address, requestId }: Asked): Sessions {
  const note = (actor: string, outcome: AuditOutcome) => {
    const entry = { actor, address, requestId, action: 'session.create', atMs: clock.now(), target: '', detail: {} }
    return store.write(transaction => transaction.appendAudit({ ...entry, outcome }))
  }
  const set = (value: string, maxAge: number) => {
    const secure = reach.isSecure ? '; Secure' : ''
    const name = sessionCookieName(reach.isSecure)
    reply.header('set-cookie', `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`)
  }
  return {
    async begin(token) {
      const { value, tokenId, expiresAtMs } = await beginSession(store, clock, token).catch(async error => {
        if (error instanceof NotIdentified) await note('nobody', 'refused')
        throw error
      })
      await note(`token:${tokenId}`, 'done')
      set(value, Math.floor((expiresAtMs - clock.now()) / 1000))
      return { expiresAtMs }
    },
    async end() {
      if (session !== '') await endSession(store, session)
      set('', 0)
    },
  }
}
