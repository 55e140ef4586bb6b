// Who asks the agent whether it lives: the engine as the image says, the kubelet as the manifests say, both without haste.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IDaemonSet } from 'kubernetes-models/apps/v1'
import t from 'tap'
import { createPulse } from '../../agent/health/pulse.ts'
import { createProgram } from '../../agent/main.ts'
import { parsePulse } from '../../agent/parse/pulse.ts'
import { probes } from '../../agent/probes.generated.ts'
import { silentLog } from '../../runtime/log.ts'
import { agentPod, charted, environmentOf, find, kustomized, podOf } from './rendered.ts'

const root = join(import.meta.dirname, '../..')
const dockerfile = readFileSync(join(root, 'Dockerfile.agent'), 'utf8').replace(/\\\n\s*/g, '')
const guide = readFileSync(join(root, 'docs/kubernetes.md'), 'utf8').replace(/\s+/g, ' ')
const line = (instruction: string) => new RegExp(`^${instruction} (.*)$`, 'm').exec(dockerfile)?.[1] ?? ''
const listOf = (text: string) => JSON.parse(text.slice(text.indexOf('['))) as readonly string[]
const command = [...listOf(line('ENTRYPOINT')), 'healthcheck']

t.test('both ask by a command of the program that the image starts', t => {
  t.ok(createProgram().commands.some(one => one.name() === 'healthcheck'))
  t.strictSame(listOf(line('HEALTHCHECK')), command)
  for (const manifests of [
    kustomized('deploy/kubernetes'),
    charted(),
    kustomized('deploy/kubernetes/overlays/privileged'),
  ])
    t.strictSame(agentPod(manifests).container.livenessProbe?.exec?.command, command)
  t.end()
})

t.test('it looks where the agent of the pod writes', t => {
  const { container } = agentPod(kustomized('deploy/kubernetes'))
  const directory = environmentOf(container)['GABION_STATE_DIR']
  t.ok(container.volumeMounts?.some(({ mountPath, readOnly }) => mountPath === directory && readOnly !== true))
  t.equal(line('VOLUME'), directory)
  t.end()
})

t.test('a busy node is no reason to end an agent', t => {
  const { livenessProbe, readinessProbe, startupProbe } = agentPod(kustomized('deploy/kubernetes')).container
  t.match(livenessProbe, { initialDelaySeconds: 60, periodSeconds: 120, timeoutSeconds: 30, failureThreshold: 5 })
  t.match(guide, 'every two minutes, and ends it after five noes in a row')
  t.same([readinessProbe, startupProbe], [undefined, undefined])
  t.match(line('HEALTHCHECK'), /^--interval=60s --timeout=30s --start-period=60s --retries=5 /)
  const stateDirectory = t.testdir({})
  const sources = { log: silentLog, now: () => 0, uplink: () => 'none' as const, queued: () => 0 }
  createPulse({ stateDirectory, probes, ...sources }).turn()
  const patienceMs = parsePulse(readFileSync(join(stateDirectory, 'alive.json'), 'utf8'))?.patienceMs
  t.equal(patienceMs, 510_000)
  t.match(guide, 'eight and a half minutes')
  t.end()
})

t.test('one that looks once is not asked', t => {
  const { container } = podOf(find<IDaemonSet>(kustomized('deploy/kubernetes/job'), 'Job', 'gabion-scan'))
  t.equal(container.livenessProbe, undefined)
  t.end()
})
