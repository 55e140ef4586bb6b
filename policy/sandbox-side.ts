// What happens inside a sandbox: takes requests, judges check by check, hands out each result as it is made.
import type { Facet } from '../proto/facet.ts'
import { createEngine, type Engine } from './engine.ts'
import { type SandboxRequest, sandboxReady } from './sandbox.ts'
import { bounded } from './visible-text.ts'

const maxRemediation = 20_000
const maxFix = 20_000

/** Answers requests in order. What an expression throws is in its result; nothing else is caught here. */
export function createSandboxSide(facets: readonly Facet[]): (request: SandboxRequest) => Iterable<unknown> {
  let known: { readonly catalog: string; readonly engine: Engine } | undefined
  return function* answer(request) {
    const catalog = JSON.stringify(request.catalog)
    if (known?.catalog !== catalog) {
      known = { catalog, engine: createEngine({ ...request.catalog, digest: '' }, facets, { verified: true }) }
    }
    yield sandboxReady
    yield* judged(known.engine, request)
  }
}

function* judged(engine: Engine, request: SandboxRequest): Iterable<unknown> {
  const { nowMs, checks, profiles, parameters, fixes = false } = request
  const common = {
    facets: new Map(request.facets),
    now: new Date(nowMs),
    profiles,
    fixes,
    ...(parameters && { parameters }),
  }
  for (const check of checks) {
    const [found] = engine.evaluate({ ...common, checks: [check] })
    if (!found) continue
    const { fix, ...result } = found
    const isShort = fix && JSON.stringify(fix).length <= maxFix
    yield { ...result, ...(isShort && { fix }), remediation: bounded(result.remediation, maxRemediation) }
  }
}
