// What packages install beside the programs: manual pages and completion scripts.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type * as z from 'zod'
import { AgentConfigSchema } from '../../agent/agent-config.ts'
import { createProgram as createAgent } from '../../agent/main.ts'
import { defaultConfigFile as agentFile } from '../../agent/places.ts'
import { CollectorConfigSchema, defaultConfigFile as collectorFile } from '../../collector/collector-config.ts'
import { createProgram as createCollector } from '../../collector/main.ts'
import { type Shell, shells } from '../../runtime/completion.ts'
import { version } from '../../runtime/version.ts'
import { type ConfigKey, manPageOf } from './man-page.ts'
import { root } from './target.ts'

export type ProgramName = 'gabion-agent' | 'gabion-collector'

/** The text of section 1 of a program. @param date seconds since the epoch */
export function manPage(name: ProgramName, date: number): string {
  const common = { version, date }
  if (name === 'gabion-agent') {
    return manPageOf({
      ...{ ...common, program: createAgent(), configFile: agentFile, keys: keysOf(AgentConfigSchema) },
      files: [
        [agentFile, 'configuration of the agent that stays'],
        ['/etc/gabion/policy.d', 'a site’s own policy, where there is one'],
        ['/var/lib/gabion/agent', 'identity, credential, outbox and sign of life'],
      ],
      exitCodes: [
        [0, 'done, also with findings'],
        [1, 'with --fail-on: a finding at or above; or the command failed'],
        [2, 'bad usage or configuration'],
        [3, 'with --fail-on: what a check at or above needs could not be read'],
      ],
    })
  }
  return manPageOf({
    ...{ ...common, program: createCollector(), configFile: collectorFile, keys: keysOf(CollectorConfigSchema) },
    files: [
      [collectorFile, 'configuration'],
      ['/var/lib/gabion/collector', 'the database, and the CA in pki/'],
    ],
    exitCodes: [
      [0, 'done'],
      [1, 'failed'],
      [2, 'bad usage or configuration'],
    ],
  })
}

function keysOf(schema: z.ZodObject): readonly ConfigKey[] {
  const defaults = schema.parse({}) as Readonly<Record<string, unknown>>
  return Object.entries(schema.shape).map(([name, field]) => ({
    ...{ name, about: (field as z.ZodType).description ?? '' },
    default: JSON.stringify(name === 'dataDir' ? '/var/lib/gabion/collector' : defaults[name]),
  }))
}

/** Where shells look for what completes a program, below /usr/share; zsh differs between the families of systems. */
const completionPaths = {
  bash: (name: string) => `bash-completion/completions/${name}`,
  zsh: (name: string) => `zsh/vendor-completions/_${name}`,
  fish: (name: string) => `fish/vendor_completions.d/${name}.fish`,
} satisfies Record<Shell, (name: string) => string>

/** @param share the directory that becomes /usr/share */
export function writeCommandDocs(share: string, name: ProgramName, date: number): void {
  write(join(share, 'man/man1', `${name}.1.gz`), gzipSync(manPage(name, date), { level: 9 }))
  for (const shell of shells) write(join(share, completionPaths[shell](name)), completionOf(name, shell))
}

function completionOf(name: ProgramName, shell: Shell): string {
  const launcher = join(root, name.replace('gabion-', ''), 'bin', `${name}.js`)
  return execFileSync(process.execPath, [launcher, 'completion', shell], { encoding: 'utf8' })
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
